//! What a device says of itself.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};

use ascend_sys::{
    ACL_ERROR_RT_FEATURE_NOT_SUPPORT, ACL_ERROR_RT_INVALID_DEVICEID, ACL_RT_DEVS_TOPOLOGY_HCCS,
    ACL_RT_DEVS_TOPOLOGY_HCCS_SW, ACL_RT_DEVS_TOPOLOGY_PHB, aclCannAttr, aclDeviceInfo,
    aclrtAtomicOperation, aclrtDevAttr, aclrtDevFeatureType, aclrtDevResLimitType,
    aclrtFloatOverflowMode,
};

use crate::chip::Family;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::sync::lock;
use crate::world::World;

/// Bytes of a PCI address as text, with its zero byte.
pub(crate) const PCI_ADDRESS_BYTES: usize = 13;

/// How busy the parts of a device are, in percent; −1 for a part that it does not have.
pub(crate) struct Utilization {
    pub(crate) cube: i32,
    pub(crate) vector: i32,
    pub(crate) cpu: i32,
}

impl Entry<'_> {
    ///
    pub(crate) fn device_info(&self, id: u32, attribute: aclrtDevAttr) -> Result<i64, Fault> {
        use ascend_sys::aclrtDevAttr as Attribute;
        let ordinal = self.user_device(id)?;
        let profile = &self.world.profile;
        let is_simt = self.world.system.family == Family::Ascend950;
        let bytes = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        Ok(match attribute {
            Attribute::ACL_DEV_ATTR_AICPU_CORE_NUM => profile.cpu_cores.into(),
            Attribute::ACL_DEV_ATTR_AICORE_CORE_NUM | Attribute::ACL_DEV_ATTR_CUBE_CORE_NUM => {
                profile.ai_cores.into()
            }
            Attribute::ACL_DEV_ATTR_VECTOR_CORE_NUM => profile.vector_cores.into(),
            Attribute::ACL_DEV_ATTR_WARP_SIZE if is_simt => 32,
            // Chips without threads in kernels answer 0 for all about them.
            Attribute(202..=212) if !is_simt => 0,
            Attribute::ACL_DEV_ATTR_TOTAL_GLOBAL_MEM_SIZE => bytes(profile.memory_bytes),
            Attribute::ACL_DEV_ATTR_L2_CACHE_SIZE => bytes(profile.l2_bytes),
            Attribute::ACL_DEV_ATTR_PHY_CHIP_ID => self.physical_device(ordinal)?.into(),
            Attribute::ACL_DEV_ATTR_SMP_ID
            | Attribute::ACL_DEV_ATTR_CUST_OP_PRIVILEGE
            | Attribute::ACL_DEV_ATTR_IS_VIRTUAL => 0,
            Attribute(202..=212 | 403..=405 | 407..=409 | 601) => {
                return Err(self.lacks(&format!("device attribute {}", attribute.0)));
            }
            Attribute(unknown) => {
                return Err(Fault::runtime_argument(format!(
                    "{unknown} is no attribute of devices"
                )));
            }
        })
    }

    /// what this refuses is an argument of the outer layer.
    pub(crate) fn hardware(&self, id: u32, what: aclDeviceInfo) -> Result<i64, Fault> {
        let profile = &self.world.profile;
        self.user_device(id)
            .map_err(|fault| Fault::argument(fault.text))?;
        Ok(match what {
            aclDeviceInfo::ACL_DEVICE_INFO_AI_CORE_NUM => profile.ai_cores.into(),
            aclDeviceInfo::ACL_DEVICE_INFO_VECTOR_CORE_NUM => profile.vector_cores.into(),
            aclDeviceInfo::ACL_DEVICE_INFO_L2_SIZE => {
                i64::try_from(profile.l2_bytes).unwrap_or(i64::MAX)
            }
            _ => {
                let what = what.0;
                return Err(Fault::argument(format!(
                    "{what} is nothing that a device has"
                )));
            }
        })
    }

    /// Whether a device has a feature. Those that are asked for belong to kernels in
    /// captured graphs and to queues between devices, which the CPU device has not.
    pub(crate) fn has_feature(&self, id: i32, feature: aclrtDevFeatureType) -> Result<bool, Fault> {
        use ascend_sys::aclrtDevFeatureType as Feature;
        self.ordinal(id)?;
        match feature {
            Feature::ACL_FEATURE_TSCPU_TASK_UPDATE_SUPPORT_AIC_AIV
            | Feature::ACL_FEATURE_SYSTEM_MEMQ_EVENT_CROSS_DEV => Ok(false),
            Feature(unknown) => Err(Fault::runtime_argument(format!(
                "{unknown} is no feature of devices"
            ))),
        }
    }

    /// Streams stand for cores: each of them keeps one busy while it has work.
    pub(crate) fn utilization(&self, id: i32) -> Result<Utilization, Fault> {
        let device = self.ordinal(id)?;
        let contexts = self
            .world
            .contexts
            .filter(|context| context.device == device);
        let busy = self.world.streams.filter(|stream| {
            let mut contexts = contexts.iter();
            contexts.any(|context| context.handle == stream.context) && !stream.queue.is_idle()
        });
        let cores = self.world.profile.ai_cores.max(1);
        let percent = (busy.len() * 100 / cores as usize).min(100);
        Ok(Utilization {
            cube: i32::try_from(percent).unwrap_or(100),
            vector: if self.world.profile.vector_cores > 0 {
                0
            } else {
                -1
            },
            cpu: 0,
        })
    }

    /// The cores of a kind that operators may use: fewer than there are if the program said so.
    pub(crate) fn cores(&self, id: i32, kind: aclrtDevResLimitType) -> Result<u32, Fault> {
        let (ordinal, kind) = (self.ordinal(id)?, core_kind(kind)?);
        let limit = lock(&self.world.devices)[ordinal as usize].cores[kind];
        Ok(limit.unwrap_or_else(|| self.world.all_cores(kind)))
    }

    pub(crate) fn limit_cores(
        &self,
        id: i32,
        kind: aclrtDevResLimitType,
        count: u32,
    ) -> Result<(), Fault> {
        let (ordinal, kind) = (self.ordinal(id)?, core_kind(kind)?);
        let all = self.world.all_cores(kind);
        if count == 0 || count > all {
            return Err(Fault::runtime_argument(format!(
                "{count} cores cannot be used: the device has {all} of the kind"
            )));
        }
        lock(&self.world.devices)[ordinal as usize].cores[kind] = Some(count);
        Ok(())
    }

    pub(crate) fn free_cores(&self, id: i32) -> Result<(), Fault> {
        let ordinal = self.ordinal(id)?;
        lock(&self.world.devices)[ordinal as usize].cores = [None; 2];
        Ok(())
    }

    /// The cores that work of the calling thread may use.
    pub(crate) fn cores_here(&self, kind: aclrtDevResLimitType) -> Result<u32, Fault> {
        core_kind(kind)?;
        let device = self.context()?.device;
        self.cores(device.cast_signed(), kind)
    }

    pub(crate) fn overflow_mode(&self) -> Result<aclrtFloatOverflowMode, Fault> {
        let device = self.context()?.device;
        let chosen = lock(&self.world.devices)[device as usize].overflow_mode;
        Ok(
            chosen.unwrap_or(if self.world.system.family.has_infinity() {
                aclrtFloatOverflowMode::ACL_RT_OVERFLOW_MODE_INFNAN
            } else {
                aclrtFloatOverflowMode::ACL_RT_OVERFLOW_MODE_SATURATION
            }),
        )
    }

    /// Chips without infinities saturate only. The CPU device keeps the choice, and its engine
    /// computes with infinities whatever it is.
    pub(crate) fn set_overflow_mode(&self, mode: aclrtFloatOverflowMode) -> Result<(), Fault> {
        use ascend_sys::aclrtFloatOverflowMode as Mode;
        if mode.0 >= Mode::ACL_RT_OVERFLOW_MODE_UNDEF.0 {
            return Err(Fault::runtime_argument(format!(
                "{} is no way to treat results that are too large",
                mode.0
            )));
        }
        let family = self.world.system.family;
        if mode == Mode::ACL_RT_OVERFLOW_MODE_INFNAN && !family.has_infinity() {
            return Err(self.lacks("infinities in computations"));
        }
        let device = self.context()?.device;
        lock(&self.world.devices)[device as usize].overflow_mode = Some(mode);
        Ok(())
    }

    /// How two devices reach each other.
    pub(crate) fn topology(&self, one: u32, other: u32) -> Result<u64, Fault> {
        if self.user_device(one)? == self.user_device(other)? {
            return Err(Fault::runtime_argument(format!(
                "both devices are device {one}; name two"
            )));
        }
        let way = match self.world.system.family {
            Family::A2 | Family::Training => ACL_RT_DEVS_TOPOLOGY_HCCS,
            Family::A3 | Family::Ascend950 => ACL_RT_DEVS_TOPOLOGY_HCCS_SW,
            _ => ACL_RT_DEVS_TOPOLOGY_PHB,
        };
        Ok(u64::from(way.cast_unsigned()))
    }

    /// The data types of each operation that host and device, or two devices, may do on each
    /// other's memory in one step, as bits. The CPU device promises none.
    pub(crate) fn atomic_capabilities(
        &self,
        devices: &[i32],
        operations: &[aclrtAtomicOperation],
    ) -> Result<Vec<u32>, Fault> {
        for &device in devices {
            self.ordinal(device)?;
        }
        let is_known = |operation: u32| matches!(operation, 0..=12 | 30..=32 | 40..=44);
        if let Some(unknown) = operations.iter().find(|operation| !is_known(operation.0)) {
            let unknown = unknown.0;
            return Err(Fault::runtime_argument(format!(
                "{unknown} is no operation"
            )));
        }
        Ok(vec![0; operations.len()])
    }

    /// A number of the program's own counting; others are what the machine counts.
    fn check_number(&self, id: i32) -> Result<u32, Fault> {
        self.visible()?;
        u32::try_from(id)
            .map_err(|_| Fault::runtime_argument(format!("device number {id} is below 0")))
    }

    fn user_device(&self, id: u32) -> Result<u32, Fault> {
        self.ordinal(i32::try_from(id).unwrap_or(i32::MAX))
    }

    /// The number among all devices of a device that the program sees. The machine's own numbers
    /// are the same: there are no containers here.
    fn physical_device(&self, ordinal: u32) -> Result<u32, Fault> {
        let visible = self.visible()?;
        visible.get(ordinal as usize).copied().ok_or_else(|| {
            Fault::new(
                ACL_ERROR_RT_INVALID_DEVICEID,
                format!(
                    "device {ordinal} does not exist: the program sees {}",
                    visible.len()
                ),
            )
        })
    }

    pub(crate) fn machine_number(&self, user: i32) -> Result<i32, Fault> {
        let user = self.check_number(user)?;
        Ok(self.physical_device(user)?.cast_signed())
    }

    pub(crate) fn user_number(&self, machine: i32) -> Result<i32, Fault> {
        let machine = self.check_number(machine)?;
        let visible = self.visible()?;
        let user = visible.iter().position(|&number| number == machine);
        user.and_then(|user| i32::try_from(user).ok())
            .ok_or_else(|| {
                Fault::new(
                    ACL_ERROR_RT_INVALID_DEVICEID,
                    format!("device {machine} of the machine is none that the program sees"),
                )
            })
    }

    /// Where a device sits: one on each bus, in the machine's order.
    pub(crate) fn pci_address(&self, id: i32) -> Result<String, Fault> {
        let ordinal = self.ordinal(id)?;
        self.check_recent("addresses on the PCI bus")?;
        let number = self.physical_device(ordinal)?;
        Ok(format!(
            "{:04x}:{:02x}:00.0",
            number / 255 % 0x1_0000,
            number % 255 + 1
        ))
    }

    pub(crate) fn device_at(&self, pci_address: &str) -> Result<i32, Fault> {
        self.check_recent("addresses on the PCI bus")?;
        let wanted = pci_address.to_ascii_lowercase();
        for id in 0..self.world.config.devices.cast_signed() {
            if self.pci_address(id)? == wanted {
                return Ok(id);
            }
        }
        Err(Fault::runtime_argument(format!(
            "no device that the program sees is at {pci_address:?}; addresses are written as \
             0000:01:00.0"
        )))
    }

    /// A number that no other device has, on this machine or another, and that stays the same.
    pub(crate) fn uuid(&self, id: i32) -> Result<[u8; 16], Fault> {
        let ordinal = self.ordinal(id)?;
        self.check_recent("identifiers of devices")?;
        let number = self.physical_device(ordinal)?;
        let machine = fs::read_to_string("/etc/machine-id").unwrap_or_default();
        let mut hasher = DefaultHasher::new();
        (self.world.profile.name, machine).hash(&mut hasher);
        let mut uuid = [0; 16];
        uuid[..8].copy_from_slice(&hasher.finish().to_be_bytes());
        uuid[12..].copy_from_slice(&number.to_be_bytes());
        Ok(uuid)
    }

    fn check_recent(&self, feature: &str) -> Result<(), Fault> {
        if self.world.system.family.is_recent() {
            return Ok(());
        }
        Err(self.lacks(feature))
    }

    fn lacks(&self, feature: &str) -> Fault {
        Fault::new(
            ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
            format!("{} has no {feature}", self.world.profile.name),
        )
    }
}

fn core_kind(kind: aclrtDevResLimitType) -> Result<usize, Fault> {
    if kind.0 > aclrtDevResLimitType::ACL_RT_DEV_RES_VECTOR_CORE.0 {
        return Err(Fault::runtime_argument(format!(
            "{} is no kind of core",
            kind.0
        )));
    }
    Ok(kind.0 as usize)
}

impl World {
    fn all_cores(&self, kind: usize) -> u32 {
        let vector = aclrtDevResLimitType::ACL_RT_DEV_RES_VECTOR_CORE.0 as usize;
        if kind == vector {
            self.profile.vector_cores
        } else {
            self.profile.ai_cores
        }
    }

    /// What the software can do with this chip. The list lasts as long as the process.
    pub(crate) fn software_features(&self) -> &'static [aclCannAttr] {
        const ALL: [aclCannAttr; 3] = [
            aclCannAttr::ACL_CANN_ATTR_INF_NAN,
            aclCannAttr::ACL_CANN_ATTR_BF16,
            aclCannAttr::ACL_CANN_ATTR_JIT_COMPILE,
        ];
        match self.system.family {
            Family::A2 | Family::A3 | Family::Ascend950 => &ALL,
            // The engine computes with infinities, and in neither bfloat16 nor kernels.
            Family::Cpu => &ALL[..1],
            Family::Inference | Family::Edge | Family::Training => &[],
        }
    }

    ///
    pub(crate) fn has_software_feature(&self, feature: aclCannAttr) -> Result<bool, Fault> {
        let known = aclCannAttr::ACL_CANN_ATTR_INF_NAN.0..=aclCannAttr::ACL_CANN_ATTR_JIT_COMPILE.0;
        if !known.contains(&feature.0) {
            let feature = feature.0;
            return Err(Fault::argument(format!(
                "{feature} is no feature of the software"
            )));
        }
        Ok(self.software_features().contains(&feature))
    }

    /// Whether code for the chip `name` runs here.
    pub(crate) fn runs_code_for(&self, name: &str) -> bool {
        let other = crate::profile::Profile::named(name);
        other.is_some_and(|other| Family::of(other) == self.system.family)
    }
}
