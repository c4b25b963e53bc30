//! The chip's name.

use crate::atc::finding::{Findings, Name, Place};
use crate::atc::rule::{SOC, SOC_UNKNOWN};
use crate::atc::soc::{self, Soc};
use crate::atc::target::Target;
use crate::{Text, text};

pub(in crate::atc) fn check(target: &Target, findings: &mut Findings) {
    let place = || Place::Option("--soc-version".to_owned());
    let name = Name(&target.soc);
    let alternatives = soc::alternatives(&target.soc);
    let meant = if alternatives.is_empty() {
        Text::default()
    } else {
        text!(
            "; known names like it: {alternatives}",
            alternatives = alternatives.join(", ")
        )
    };
    let look = text!(
        "`npu-smi info` shows the chip's name, which follows `Ascend`, and aclrtGetSocName gives the \
                whole of it"
    );
    match soc::judge(&target.soc) {
        Soc::Known => {}
        Soc::Plausible => findings.add(
            &SOC_UNKNOWN,
            place(),
            text!("`{name}` is not among the chips that are known here; atc stops if it does not know it either{meant}", name, meant),
            look,
        ),
        Soc::Wrong => findings.add(
            &SOC,
            place(),
            text!("`{name}` is no chip that atc knows (E10055 in some releases){meant}", name, meant),
            look,
        ),
    }
}
