//! What lives in a world, and which C call made it.

use std::fmt;
use std::thread::ThreadId;

use ascend_sys::aclError;

/// One C call, as kept by [`MockConfig::record_calls`](crate::MockConfig::record_calls).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The C function's name.
    pub symbol: &'static str,
    /// What it answered; for functions that answer a value, the code behind a failure, or 0.
    pub code: aclError,
    /// The calling thread.
    pub thread: ThreadId,
}

/// The kinds of things that a program makes and must give back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A count that `aclrtSetDevice` added.
    DeviceReference,
    /// An explicit context.
    Context,
    /// A stream, default streams excepted.
    Stream,
    /// An event.
    Event,
    /// Options for streams.
    StreamConfig,
    /// A captured graph.
    Graph,
    /// A task of a captured graph.
    GraphTask,
    /// A part of a captured graph that can be replaced.
    TaskGroup,
    /// A value that decides what a captured graph runs.
    Condition,
    /// A block of device memory.
    DeviceBlock,
    /// A block of page-locked host memory.
    PinnedBlock,
    /// A loaded model.
    Model,
    /// A model description.
    Description,
    /// A dataset.
    Dataset,
    /// A data buffer.
    DataBuffer,
    /// A tensor description, those that a dataset owns excepted.
    TensorDesc,
    /// Addresses that the program reserved.
    AddressRange,
    /// A handle of physical memory.
    PhysicalMemory,
    /// A stream-ordered pool of memory.
    MemoryPool,
    /// A description of an allocator.
    AllocatorDesc,
    /// A buffer that queues pass on.
    SharedBuffer,
    /// A notify, imported ones included.
    Notify,
    /// A notify that counts.
    CountNotify,
    /// A label.
    Label,
    /// A list of labels.
    LabelList,
    /// What an exception callback is told of; never the program's own.
    ExceptionInfo,
    /// What `aclrtCreateBinary` makes.
    BinaryDesc,
    /// A loaded binary of kernels.
    KernelBinary,
    /// A kernel of a binary; it ends with the binary.
    KernelFunction,
    /// A list of arguments for a kernel; it ends by itself.
    KernelArguments,
    /// The attributes of an operator.
    OperatorAttr,
    /// A handle of an operator.
    OperatorHandle,
    /// A bundle of models.
    Bundle,
    /// What was asked of a bundle.
    BundleQuery,
    /// A configuration of loading.
    LoadConfig,
    /// A configuration of running.
    ExecConfig,
    /// Parameters of dynamic preprocessing.
    AippParameters,
    /// A tensor of an aclnn operator.
    Tensor,
    /// A scalar of an aclnn operator.
    Scalar,
    /// An array of integers for an aclnn operator.
    IntArray,
    /// An array of floats for an aclnn operator.
    FloatArray,
    /// An array of booleans for an aclnn operator.
    BoolArray,
    /// A list of tensors, which it owns.
    TensorList,
    /// A list of scalars, which it owns.
    ScalarList,
    /// Options for dumping the graph of an operator.
    GraphDumpOption,
    /// What a session of profiling collects.
    ProfilingConfig,
    /// What a subscription to profiling tells.
    ProfilingSubscription,
    /// A step that profiling tells apart.
    ProfilingStep,
    /// A mark that the program sets while it is profiled.
    ProfilingStamp,
    /// A channel that passes tensors on.
    Channel,
    /// A tensor for a channel, those that a dataset received excepted.
    ChannelItem,
    /// A row of tensors for a channel.
    ChannelDataset,
    /// A queue of shared buffers.
    Queue,
    /// Attributes of a queue.
    QueueAttr,
    /// A route between queues.
    QueueRoute,
    /// A list of routes between queues.
    QueueRouteList,
    /// What is asked of the routes between queues.
    QueueRouteQuery,
    /// A picture description, those of a batch excepted.
    Picture,
    /// The descriptions of a batch of pictures.
    PictureBatch,
    /// A description of encoded video.
    VideoStream,
    /// A region of a picture.
    Region,
    /// How to resize pictures.
    ResizeConfig,
    /// How to encode JPEG pictures.
    JpegConfig,
    /// How to put a border around pictures.
    BorderConfig,
    /// What values of pixels become.
    LookupTable,
    /// How often pixels have a value.
    Histogram,
    /// A channel for work on pictures.
    PictureChannel,
    /// A channel that decodes video.
    Decoder,
    /// How to decode a frame.
    DecoderFrame,
    /// A channel that encodes video.
    Encoder,
    /// How to encode a frame.
    EncoderFrame,
    /// Feature vectors.
    FeatureInfo,
    /// How to set up a search for feature vectors.
    FeatureInit,
    /// The feature vectors that are searched for.
    FeatureQuery,
    /// The repositories that are searched.
    FeatureRange,
    /// A search for feature vectors.
    FeatureSearch,
    /// What a search finds.
    FeatureResult,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DeviceReference => "device reference",
            Self::Context => "context",
            Self::Stream => "stream",
            Self::Event => "event",
            Self::StreamConfig => "stream configuration",
            Self::Graph => "graph",
            Self::GraphTask => "graph task",
            Self::TaskGroup => "task group",
            Self::Condition => "graph condition",
            Self::DeviceBlock => "device block",
            Self::PinnedBlock => "pinned block",
            Self::Model => "model",
            Self::Description => "model description",
            Self::Dataset => "dataset",
            Self::DataBuffer => "data buffer",
            Self::TensorDesc => "tensor description",
            Self::AddressRange => "address range",
            Self::PhysicalMemory => "physical memory",
            Self::MemoryPool => "memory pool",
            Self::AllocatorDesc => "allocator description",
            Self::SharedBuffer => "shared buffer",
            Self::Notify => "notify",
            Self::CountNotify => "count notify",
            Self::Label => "label",
            Self::LabelList => "label list",
            Self::ExceptionInfo => "exception",
            Self::BinaryDesc => "kernel binary description",
            Self::KernelBinary => "kernel binary",
            Self::KernelFunction => "kernel",
            Self::KernelArguments => "list of kernel arguments",
            Self::OperatorAttr => "set of operator attributes",
            Self::OperatorHandle => "operator handle",
            Self::Bundle => "bundle",
            Self::BundleQuery => "bundle query",
            Self::LoadConfig => "load configuration",
            Self::ExecConfig => "run configuration",
            Self::AippParameters => "preprocessing parameters",
            Self::Tensor => "tensor",
            Self::Scalar => "scalar",
            Self::IntArray => "array of integers",
            Self::FloatArray => "array of floats",
            Self::BoolArray => "array of booleans",
            Self::TensorList => "list of tensors",
            Self::ScalarList => "list of scalars",
            Self::GraphDumpOption => "graph dump options",
            Self::ProfilingConfig => "profiling configuration",
            Self::ProfilingSubscription => "profiling subscription",
            Self::ProfilingStep => "profiling step",
            Self::ProfilingStamp => "profiling stamp",
            Self::Channel => "channel",
            Self::ChannelItem => "channel item",
            Self::ChannelDataset => "channel dataset",
            Self::Queue => "queue",
            Self::QueueAttr => "set of queue attributes",
            Self::QueueRoute => "queue route",
            Self::QueueRouteList => "list of queue routes",
            Self::QueueRouteQuery => "query of queue routes",
            Self::Picture => "picture description",
            Self::PictureBatch => "batch of picture descriptions",
            Self::VideoStream => "video stream description",
            Self::Region => "region of a picture",
            Self::ResizeConfig => "resize configuration",
            Self::JpegConfig => "JPEG configuration",
            Self::BorderConfig => "border configuration",
            Self::LookupTable => "lookup table",
            Self::Histogram => "histogram",
            Self::PictureChannel => "picture channel",
            Self::Decoder => "video decoder",
            Self::DecoderFrame => "frame configuration of a decoder",
            Self::Encoder => "video encoder",
            Self::EncoderFrame => "frame configuration of an encoder",
            Self::FeatureInfo => "set of feature vectors",
            Self::FeatureInit => "search setup",
            Self::FeatureQuery => "table of queries",
            Self::FeatureRange => "range of repositories",
            Self::FeatureSearch => "search",
            Self::FeatureResult => "search result",
        })
    }
}

/// The C call that made something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The C function's name.
    pub symbol: &'static str,
    /// The call's number among all calls of its world, from 1.
    pub sequence: u64,
}

/// One thing that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// What it is.
    pub kind: Kind,
    /// The call that made it.
    pub origin: Origin,
    /// The bytes that were asked for; 0 for what is not memory.
    pub bytes: u64,
}

/// All that lives in a world at one moment.
#[derive(Clone, Debug, Default)]
pub struct Ledger(pub(crate) Vec<Live>);

impl Ledger {
    /// Whether nothing lives.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many of `kind` live.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.of(kind).count()
    }

    /// The bytes of all that live of `kind`.
    #[must_use]
    pub fn bytes(&self, kind: Kind) -> u64 {
        self.of(kind).map(|live| live.bytes).sum()
    }

    /// Everything that lives, by kind and then in the order of making.
    pub fn iter(&self) -> impl Iterator<Item = &Live> {
        self.0.iter()
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Live> {
        self.0.iter().filter(move |live| live.kind == kind)
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing lives");
        }
        for (position, live) in self.0.iter().enumerate() {
            let Origin { symbol, sequence } = live.origin;
            let separator = if position == 0 { "" } else { "\n" };
            write!(f, "{separator}{} of {symbol}, call {sequence}", live.kind)?;
            if live.bytes > 0 {
                write!(f, ", {} bytes", live.bytes)?;
            }
        }
        Ok(())
    }
}
