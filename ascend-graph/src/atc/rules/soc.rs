//! The chip's name.

use crate::atc::finding::{Findings, Name, Place};
use crate::atc::rule::{SOC, SOC_UNKNOWN};
use crate::atc::soc::{self, Soc};
use crate::atc::target::Target;

pub(in crate::atc) fn check(target: &Target, findings: &mut Findings) {
    let place = || Place::Option("--soc-version".to_owned());
    let name = Name(&target.soc);
    let alternatives = soc::alternatives(&target.soc);
    let meant = if alternatives.is_empty() {
        String::new()
    } else {
        format!("; known names like it: {}", alternatives.join(", "))
    };
    let look = "`npu-smi info` shows the chip's name, which follows `Ascend`, and aclrtGetSocName gives the \
                whole of it";
    match soc::judge(&target.soc) {
        Soc::Known => {}
        Soc::Plausible => findings.add(
            &SOC_UNKNOWN,
            place(),
            format!("`{name}` is not among the chips that are known here; atc stops if it does not know it either{meant}"),
            look,
        ),
        Soc::Wrong => findings.add(
            &SOC,
            place(),
            format!("`{name}` is no chip that atc knows (E10055 in some releases){meant}"),
            look,
        ),
    }
}
