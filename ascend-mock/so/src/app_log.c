/* aclAppLog: the one C-variadic function of AscendCL, which Rust cannot define.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

/* Longer messages are cut, as the runtime cuts them. */
enum { LIMIT = 1024 };

/* Set when the library is loaded; takes the text and the length that it would have uncut. */
void (*ascend_app_log_sink)(int level, const char *func, const char *file, uint32_t line,
                            const char *text, int length) = 0;

void ascend_app_log(int level, const char *func, const char *file, uint32_t line, const char *fmt,
                    ...)
{
    char text[LIMIT + 1];
    va_list arguments;
    int length;
    if (func == 0 || file == 0 || fmt == 0 || ascend_app_log_sink == 0) {
        return;
    }
    va_start(arguments, fmt);
    length = vsnprintf(text, sizeof text, fmt, arguments);
    va_end(arguments);
    if (length >= 0) {
        ascend_app_log_sink(level, func, file, line, text, length);
    }
}
