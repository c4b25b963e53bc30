/* aclAppLog: the one C-variadic function of AscendCL, which Rust cannot define.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

/* The device cuts longer messages, so a little more than it takes is enough. */
enum { ROOM = 2048 };

/* Set when the library is loaded. */
void (*ascend_app_log_sink)(int level, const char *func, const char *file, uint32_t line,
                            const char *text) = 0;

void ascend_app_log(int level, const char *func, const char *file, uint32_t line, const char *fmt,
                    ...)
{
    char text[ROOM];
    va_list arguments;
    int length;
    if (func == 0 || file == 0 || fmt == 0 || ascend_app_log_sink == 0) {
        return;
    }
    va_start(arguments, fmt);
    length = vsnprintf(text, sizeof text, fmt, arguments);
    va_end(arguments);
    if (length >= 0) {
        ascend_app_log_sink(level, func, file, line, text);
    }
}
