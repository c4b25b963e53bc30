use super::{Converter, Interface, Source};
use crate::om::{AttrDef, GEAR_INPUT, OpDef, TensorDescriptor};

impl<'a> Converter<'a> {
    /// Adds what lies between the inputs and the graph: preprocessing and the choice of a gear.
    pub(super) fn add_edges(&mut self, main: &Interface<'a>) {
        let inputs = &main.io.inputs;
        for aipp in main.aipp {
            let name = inputs[aipp.input].name.as_str();
            let data = self.inputs[aipp.input].name.clone();
            self.inputs[aipp.input].attr.extend(aipp.attributes(inputs));
            let parameters = aipp.parameters.map(|index| &self.inputs[index].name);
            let target = TensorDescriptor::from_io(&aipp.target);
            let mut sources = vec![format!("{data}:0")];
            sources.extend(parameters.map(|name| format!("{name}:0")));
            let mut input_desc = vec![self.descriptor(name)];
            input_desc.extend(
                aipp.parameters
                    .map(|index| self.descriptor(&inputs[index].name)),
            );
            let op = self.names.unique(&format!("aipp_{data}"));
            self.ops.push(OpDef {
                name: op.clone(),
                r#type: "Aipp".to_owned(),
                input: sources,
                attr: [("aipp".to_owned(), aipp.aipp.to_attr())].into(),
                input_desc,
                output_desc: vec![target.clone()],
                ..OpDef::default()
            });
            self.types.insert(name, target);
            self.sources.insert(name, Source { op, index: 0 });
        }
        let gears = main.io.gears();
        if gears.is_empty() {
            return;
        }
        for (op, input) in self.inputs.iter_mut().zip(inputs) {
            if input.dims.iter().any(|&dim| dim < 0) {
                let dims = AttrDef::ints(input.dims.clone());
                op.attr.insert("_mbatch_origin_input_dims".to_owned(), dims);
            }
        }
        let attr = main.io.gear_attributes(&gears);
        let choice = inputs.iter().position(|input| input.name == GEAR_INPUT);
        let name = self.names.unique("ascend_mbatch_shape_case");
        self.ops.push(OpDef {
            name,
            r#type: "Case".to_owned(),
            input: choice
                .map(|index| format!("{}:0", self.inputs[index].name))
                .into_iter()
                .collect(),
            attr,
            input_desc: choice
                .map(|index| self.descriptor(&inputs[index].name))
                .into_iter()
                .collect(),
            ..OpDef::default()
        });
    }
}
