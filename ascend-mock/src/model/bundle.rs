//! Bundles: several models in one file, loaded together or one by one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use ascend_graph::om::{Bundle as File, OmModel};
use ascend_sys::{
    ACL_ERROR_API_NOT_SUPPORT, ACL_ERROR_GE_EXEC_MODEL_ID_INVALID, ACL_ERROR_GE_PARAM_INVALID,
    ACL_ERROR_INVALID_BUNDLE_MODEL_ID,
};
use bytes::Bytes;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::{Kind, Live, Origin};
use crate::memory::{Reservation, Space};
use crate::sync::lock;

use super::host::Span;
use super::info::Info;
use super::source::{Load, Source, open, partition_fault};

/// A bundle in use.
pub(crate) struct Bundle {
    origin: Origin,
    models: Vec<Bytes>,
    folder: Option<PathBuf>,
    /// The number of each model that is loaded.
    loaded: Mutex<Vec<Option<u32>>>,
    _variables: Option<Reservation>,
}

/// What `aclmdlBundleCreateQueryInfo` makes: the sizes of a bundle.
#[derive(Default)]
pub(crate) struct BundleQuery(Mutex<Option<Sizes>>);

#[derive(Clone)]
struct Sizes {
    variables: u64,
    /// Work and weights of each model.
    models: Vec<[u64; 2]>,
}

impl Object for BundleQuery {
    const KIND: Kind = Kind::BundleQuery;
}

/// The bundles of a world, by number.
#[derive(Default)]
pub(crate) struct Bundles(Mutex<BTreeMap<u32, Arc<Bundle>>>);

impl Bundles {
    pub(crate) fn get(&self, id: u32) -> Result<Arc<Bundle>, Fault> {
        lock(&self.0).get(&id).map(Arc::clone).ok_or_else(|| {
            Fault::new(
                ACL_ERROR_INVALID_BUNDLE_MODEL_ID,
                format!("no bundle with number {id} is loaded"),
            )
        })
    }

    pub(crate) fn live(&self) -> Vec<Live> {
        let bundles = lock(&self.0);
        let live = bundles.values().map(|bundle| Live {
            kind: Kind::Bundle,
            origin: bundle.origin,
            bytes: 0,
        });
        live.collect()
    }
}

impl Bundle {
    fn check_index(&self, index: usize) -> Result<(), Fault> {
        let count = self.models.len();
        if index >= count {
            return Err(Fault::argument(format!(
                "the bundle has {count} models, no model {index}"
            )));
        }
        Ok(())
    }

    pub(crate) fn count(&self) -> usize {
        self.models.len()
    }

    /// The number of a model that is loaded.
    pub(crate) fn model(&self, index: usize) -> Result<u32, Fault> {
        self.check_index(index)?;
        lock(&self.loaded)[index].ok_or_else(|| {
            Fault::new(
                ACL_ERROR_API_NOT_SUPPORT,
                format!("model {index} of the bundle is not loaded yet"),
            )
        })
    }
}

fn read(source: &Source<'_>) -> Result<File, Fault> {
    File::read(&source.bytes()?).map_err(|error| partition_fault(&error))
}

impl Entry<'_> {
    pub(crate) fn create_bundle_query(&self) -> u64 {
        let queries = &self.world.bundle_queries;
        queries.insert(self.origin, |_| BundleQuery::default()).0
    }

    pub(crate) fn query_bundle(&self, handle: u64, source: &Source<'_>) -> Result<(), Fault> {
        let query = self.world.bundle_queries.get(handle)?;
        let file = read(source)?;
        let size = |model: &Bytes| {
            let info = Info::of(&open(model)?);
            let free = info.has_free_shapes();
            Ok([if free { 0 } else { info.work_bytes }, info.weight_bytes])
        };
        let models = file.models.iter().map(size).collect::<Result<_, Fault>>()?;
        *lock(&query.0) = Some(Sizes {
            variables: file.variable_bytes,
            models,
        });
        Ok(())
    }

    fn sizes(&self, handle: u64) -> Result<Sizes, Fault> {
        let query = self.world.bundle_queries.get(handle)?;
        let sizes = lock(&query.0).clone();
        sizes.ok_or_else(|| Fault::argument("no bundle was queried yet"))
    }

    pub(crate) fn queried_count(&self, handle: u64) -> Result<usize, Fault> {
        Ok(self.sizes(handle)?.models.len())
    }

    pub(crate) fn queried_variables(&self, handle: u64) -> Result<u64, Fault> {
        Ok(self.sizes(handle)?.variables)
    }

    /// Work and weights of a model.
    pub(crate) fn queried_size(&self, handle: u64, index: usize) -> Result<[u64; 2], Fault> {
        let models = self.sizes(handle)?.models;
        models.get(index).copied().ok_or_else(|| {
            let count = models.len();
            Fault::argument(format!("the bundle has {count} models, no model {index}"))
        })
    }

    /// Opens a bundle; its models are loaded one by one.
    pub(crate) fn init_bundle(
        &self,
        source: &Source<'_>,
        variables: Option<Span>,
    ) -> Result<u32, Fault> {
        self.check_initialized()?;
        let context = self.context()?;
        let file = read(source)?;
        for model in &file.models {
            open(model)?;
        }
        let reservation = match variables {
            Some(span) => {
                if (span.bytes as u64) < file.variable_bytes {
                    return Err(Fault::new(
                        ACL_ERROR_GE_PARAM_INVALID,
                        format!(
                            "the variables take {} bytes, {} were given",
                            file.variable_bytes, span.bytes
                        ),
                    ));
                }
                self.world
                    .check_device_memory(span, span.bytes, "variables", self.origin)?;
                None
            }
            None => Some(Space::reserve(
                &self.world.space,
                context.device,
                file.variable_bytes,
            )?),
        };
        let id = self.world.models.next_id();
        let bundle = Bundle {
            origin: self.origin,
            loaded: Mutex::new(vec![None; file.models.len()]),
            models: file.models,
            folder: source.folder(),
            _variables: reservation,
        };
        lock(&self.world.bundles.0).insert(id, Arc::new(bundle));
        Ok(id)
    }

    /// Opens a bundle and loads all of its models, or none.
    pub(crate) fn load_bundle(&self, source: &Source<'_>) -> Result<u32, Fault> {
        let id = self.init_bundle(source, None)?;
        let count = self.world.bundles.get(id)?.models.len();
        for index in 0..count {
            if let Err(fault) = self.load_of_bundle(id, index, Load::default()) {
                self.unload_bundle(id)?;
                return Err(fault);
            }
        }
        Ok(id)
    }

    /// Loads one model of a bundle; `load` tells how.
    pub(crate) fn load_of_bundle(
        &self,
        id: u32,
        index: usize,
        mut load: Load,
    ) -> Result<u32, Fault> {
        let bundle = self.world.bundles.get(id)?;
        bundle.check_index(index)?;
        if let Some(model) = lock(&bundle.loaded)[index] {
            return Err(Fault::argument(format!(
                "model {index} of the bundle is loaded already, as {model}"
            )));
        }
        if load.outside.folder.is_none() {
            load.outside.folder.clone_from(&bundle.folder);
        }
        load.bundle = Some(id);
        let file: OmModel = open(&bundle.models[index])?;
        let model = self.load_opened(&file, &load)?;
        lock(&bundle.loaded)[index] = Some(model);
        Ok(model)
    }

    pub(crate) fn unload_of_bundle(&self, id: u32, model: u32) -> Result<(), Fault> {
        let bundle = self.world.bundles.get(id)?;
        let mut loaded = lock(&bundle.loaded);
        let place = loaded.iter_mut().find(|loaded| **loaded == Some(model));
        let place =
            place.ok_or_else(|| Fault::argument(format!("model {model} is not of bundle {id}")))?;
        self.remove_model(model)?;
        *place = None;
        Ok(())
    }

    /// Unloads a bundle with all that is loaded of it.
    pub(crate) fn unload_bundle(&self, id: u32) -> Result<(), Fault> {
        let bundle = self.world.bundles.get(id)?;
        for place in lock(&bundle.loaded).iter_mut() {
            let Some(model) = *place else { continue };
            match self.remove_model(model) {
                // Its context took it along.
                Err(fault) if fault.code == ACL_ERROR_GE_EXEC_MODEL_ID_INVALID => {}
                outcome => outcome?,
            }
            *place = None;
        }
        lock(&self.world.bundles.0).remove(&id);
        Ok(())
    }
}
