#!/bin/sh
# A stand-in for atc: it speaks its protocol and compiles nothing. STAND_IN names the folder with the
# model that it gives out, and with what it noted; SCENARIO says how it goes.
for argument; do
    case $argument in
        --output=*) output=${argument#--output=} ;;
        --insert_op_conf=*) cp "${argument#--insert_op_conf=}" "$STAND_IN/aipp.cfg" ;;
        --model=*) cp "${argument#--model=}" "$STAND_IN/model.onnx" ;;
    esac
done
printf '%s\n' "$@" > "$STAND_IN/arguments"
printf '%s\n' "$PWD" > "$STAND_IN/cwd"
env > "$STAND_IN/environment"
echo run >> "$STAND_IN/runs"

fail() {
    echo "ATC run failed, Please check the detail log, Try 'atc --help' for more information"
    cat
    exit "${1:-255}"
}
succeed() {
    echo "ATC run success, welcome to the next use."
    exit 0
}

echo "ATC start working now, please wait for a moment."
case $SCENARIO in
    success)
        mkdir kernel_meta
        echo left > fusion_result.json
        cp "$STAND_IN/model.om" "$output.om"
        echo "ATC run success, welcome to the next use."
        echo "W11001: [PID: 7] 2025-01-01-10:00:00.123.456 Op [relu] does not hit the high-priority operator"
        ;;
    host)
        cp "$STAND_IN/model.om" "${output}_linux_aarch64.om"
        succeed ;;
    weights)
        cp "$STAND_IN/model.om" "$output.om"
        mkdir "${output%/*}/weight"
        echo weight > "${output%/*}/weight/relu_weight"
        succeed ;;
    slow)
        for step in 1 2 3 4 5 6 7 8; do
            printf .
            sleep 0.1
        done
        cp "$STAND_IN/model.om" "$output.om"
        succeed ;;
    huge)
        yes "[INFO] GE(7,atc.bin): a line of the log that says little" | head -c 20000000
        cp "$STAND_IN/model.om" "$output.om"
        succeed ;;
    option) fail <<'END'
E10001: [PID: 7] 2025-01-01-10:00:00.123.456 Value [Ascend310P9] for parameter [--soc_version] is invalid. Reason: unknown.
        Possible Cause: The value is not in the list.
        Solution: Try again with a valid argument.
        TraceBack (most recent call last):
        Check soc failed.[FUNC:Check][FILE:main.cc][LINE:1]
END
        ;;
    parser) fail <<'END'
E16002: No ONNX parser is registered for optype [ai.onnx::19::Relu].
        Solution: Submit an issue.
END
        ;;
    model) fail <<'END'
E10041: Failed to load the model from [net.onnx].
END
        ;;
    file) fail <<'END'
E13001: [PID: 7] 2025-01-01-10:00:00.123.456 Failed to open file [list.json]. No such file.
END
        ;;
    compile) fail <<'END'
E19999: Inner Error!
E19999: [PID: 7] 2025-01-01-10:00:00.123.456 Call PreProcess failed.
        TraceBack (most recent call last):
        Compile failed.[FUNC:A][FILE:a.cc][LINE:1]
E20001: Failed to compile Op [relu], optype [Relu].
END
        ;;
    unsupported) fail <<'END'
EZ3002: [PID: 7] 2025-01-01-10:00:00.123.456 Op type Relu is unsupported. Reason: the data type is not in the list: Op [relu], optype [Relu].
END
        ;;
    internal) fail <<'END'
E19999: Internal Error!
An unknown error occurred. Please check the log.
        TraceBack (most recent call last):
        Pass FoldPass run failed, node [relu].[FUNC:Run][FILE:pass.cc][LINE:9]
END
        ;;
    older) fail 254 <<'END'
E10016: Opname [inptu] specified in [--input_fp16_nodes] is not found in the model.
END
        ;;
    syntax)
        echo "ERROR: unknown command line flag 'new_option'" >&2
        fail < /dev/null ;;
    python)
        echo "ModuleNotFoundError: No module named 'decorator'"
        fail <<'END'
E40021: Failed to compile Op [relu], optype [Relu].
END
        ;;
    killed) kill -s KILL $$ ;;
    killed_below) exit 137 ;;
    crash) kill -s SEGV $$ ;;
    crash_below) exit 139 ;;
    silent) exit 255 ;;
    empty) succeed ;;
    no_word)
        cp "$STAND_IN/model.om" "$output.om"
        exit 0 ;;
    hang)
        sleep 1000 &
        echo $! >> "$STAND_IN/processes"
        sh -c 'trap "" TERM; sleep 1001; sleep 1002' &
        echo $! >> "$STAND_IN/processes"
        echo $$ >> "$STAND_IN/processes"
        echo ready > "$STAND_IN/ready"
        wait ;;
esac
