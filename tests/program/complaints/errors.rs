//! Errors that say nothing.

use super::Complaint;

/// The shipped network as ONNX and as a model for the CPU device.
pub(super) fn network(complaint: &Complaint) {
    let weights = super::super::book::root().join(super::super::WEIGHTS);
    complaint.makes(&format!(
        "ascend convert {} net.onnx --image-size 64",
        weights.display()
    ));
    complaint.makes("ascend convert net.onnx net.om --input-shape input:1,3,64,64");
}

#[test]
fn only_a_number() {
    let mut complaint = Complaint::of(1);
    network(&complaint);
    let fails = "task = 507011\noperator = \"layer3.1.conv2\"";
    complaint.plant("aclmdlExecuteAsync", fails);
    let run = "ASCEND_MOCK_CONFIG=fault.toml ascend run net.om --output out --device mock";
    complaint.says(
        run,
        10,
        &[
            "net.om on device 0 failed in the operator layer3.1.conv2 (Conv)",
            "507011 (ACL_ERROR_RT_MODEL_EXECUTE: a model failed while running)",
            "usual cause: an operator in the model failed",
            "what to do: find the operator: `ascend explain",
            "whether the model or its inputs are to blame",
        ],
    );
    complaint.write("posted.log", "[ERROR] model execute failed, error:507011\n");
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "507011 ACL_ERROR_RT_MODEL_EXECUTE",
            "ascend explain ~/ascend/log/debug/plog",
            "op_name",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn a_general_failure_of_a_convolution() {
    let mut complaint = Complaint::of(2);
    let said = "Fail: Non-zero status code returned while running Conv node. Name:'/stem/Conv' Status \
                Message: CANN failure 500001: ACL_ERROR_FAILURE ; NPU=0 ; expr=aclopExecuteV2\n";
    complaint.write("posted.log", said);
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "a failure in the layer below",
            "ascend explain ~/ascend/log/debug/plog",
            "operators named: /stem/Conv",
        ],
    );
    network(&complaint);
    let check = "ascend check net.onnx --soc Ascend310 --input-shape input:1,3,64,64";
    let told = complaint.says(check, 0, &["convertible: 0 errors"]);
    told.leave_out(&["advice"]);
    complaint.matches_the_page();
}

#[test]
fn a_failure_of_the_graph_engine() {
    let mut complaint = Complaint::of(3);
    let said = "Non-zero status code returned while running Expand node. Name:'/head/Expand' Status \
                Message: CANN failure 500002: ACL_ERROR_GE_FAILURE ; NPU=0 ; op=BroadcastToD\n";
    complaint.write("posted.log", said);
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "a graph, operator or shape that it does not take",
            "`ascend check` names the operators",
            "operators named: /head/Expand",
        ],
    );
    network(&complaint);
    complaint.plant("aclmdlLoadFromFile", "code = 500002");
    complaint.says(
        "ASCEND_MOCK_CONFIG=fault.toml ascend run net.om --output out --device mock",
        10,
        &[
            "cannot load net.om",
            "usual cause: a graph, operator or shape",
            "what to do: read the text beside it",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn a_graph_that_is_refused_without_a_word() {
    let mut complaint = Complaint::of(4);
    complaint.write(
        "posted.log",
        "aclgrphParseONNXFromMem returned GRAPH_FAILED -1\n",
    );
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "the graph engine refused a graph",
            "`ascend check` for the model",
        ],
    );
    super::conversion::changed(&complaint, |model| model.opset_import[0].version = 19);
    let check = "ascend check net.onnx --soc Ascend310P3";
    let told = complaint.says(check, 12, &["error E16002", "export it again for opset 11"]);
    told.leave_out(&["advice", "warning"]);
    complaint.matches_the_page();
}

#[test]
fn a_vector_core_that_faults() {
    let mut complaint = Complaint::of(5);
    let said = "CANN error: EZ9999: Inner Error!\n\
        EZ9999: [PID: 1043] 2025-08-15-10:12:11.002.113 there is an aivec error exception, core id is 7\n\
        \x20       TraceBack (most recent call last):\n\
        \x20       fault kernel_name=RmsNorm_3a9f, func_name=RmsNorm_3a9f_mix_aiv\n\
        aclrtSynchronizeStream failed, error code is 507035\n";
    complaint.write("posted.log", said);
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "507035 ACL_ERROR_RT_VECTOR_CORE_EXCEPTION: a vector-core task faulted  <- begin here",
            "take a newer operator package",
            "operators named: RmsNorm_3a9f",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn an_inner_error() {
    let mut complaint = Complaint::of(6);
    let said = "CANN error: E89999: Inner Error!\n\
        E89999: [PID: 88] 2024-12-11-09:01:20.411.020 op[Cast_12], tiling of [Cast] failed: the data type \
        DT_BF16 is not in the list\n";
    complaint.write("posted.log", said);
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "an operator is not supported, or its check failed",
            "types, formats or shapes that the chip does not have",
            "operators named: Cast_12",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn an_argument_that_is_invalid() {
    let mut complaint = Complaint::of(7);
    let said = "CANN error: EE1001: [PID: 5] 2025-10-20-08:00:00.000.001 The argument is invalid.Reason: \
                rtEventRecord execute failed, retCode is 107017\n  Try again with a valid argument\n";
    complaint.write("posted.log", said);
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "107017 ACL_ERROR_RT_INVALID_HANDLE: the handle is not valid  <- begin here",
            "a stream, event, model or other handle that was destroyed",
            "strict mode names the call that used it",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn a_start_that_fails_beside_words_about_a_context() {
    let mut complaint = Complaint::of(8);
    complaint.plant("aclInit", "code = 507008");
    let info = "ASCEND_MOCK_CONFIG=fault.toml ascend info --device mock";
    let told = complaint.says(
        info,
        4,
        &[
            "cannot start the built-in CPU device: aclInit failed with 507008",
            "a container without the device files",
            "it compares the versions of driver and CANN",
        ],
    );
    assert!(!told.text.contains("context"), "{}", told.text);
    let said = "ACL error, call aclInit failed, error code is 507008\n\
                EE8888: [PID: 100] 2024-11-02-11:11:11.000.000 context pointer null\n";
    complaint.write("posted.log", said);
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "507008 ACL_ERROR_RT_SOC_VERSION: the chip version could not be read  <- begin here",
            "if aclInit or aclrtSetDevice failed before, begin there",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn a_dump_of_registers() {
    let mut complaint = Complaint::of(9);
    let at = "2026-02-03-04:05:06.000";
    let said = format!(
        "[ERROR] RUNTIME(812,worker):{at}.100 [a.cc:1395]900 F:extend info: errcode:(0, 0x8000, 0), pc start: \
         0x1240c0032000, vec error info: 0x1e000000a1, mte error info: 0x3000087\n\
         [ERROR] RUNTIME(812,worker):{at}.200 [b.cc:1143]900 F:Kernel task happen error, retCode=0x26, [aicore \
         exception].\n\
         [ERROR] RUNTIME(812,worker):{at}.300 [b.cc:1110]900 F:fault kernel_name=MoeGatingTopK_7c1, \
         op_name=model.layers.3.mlp.gate\n\
         [ERROR] GE(812,worker):{at}.400 [c.cc:4512]900 F:[the model stream execute failed], ret=507011\n"
    );
    complaint.write("plog-812.log", said);
    complaint.says(
        "ascend explain plog-812.log",
        0,
        &[
            "507015 ACL_ERROR_RT_AICORE_EXCEPTION: an AI Core task faulted  <- begin here",
            "(2) compare sizes with `ascend inspect`",
            "operators named: MoeGatingTopK_7c1, model.layers.3.mlp.gate",
        ],
    );
    complaint.matches_the_page();
}
