"""A Python program that opens the library by name, as pyACL and torch do. No packages needed.

SPDX-License-Identifier: MIT OR Apache-2.0
"""
import ctypes

acl = ctypes.CDLL("libascendcl.so")
runtime = ctypes.CDLL("libacl_rt.so")  # the name of a part since CANN 8.5: the same device
acl.aclrtGetSocName.restype = ctypes.c_char_p
acl.aclGetRecentErrMsg.restype = ctypes.c_char_p


def ok(code):
    assert code == 0, (code, acl.aclGetRecentErrMsg())


ok(acl.aclInit(None))
ok(runtime.aclrtSetDevice(0))
block = ctypes.c_void_p()
ok(acl.aclrtMalloc(ctypes.byref(block), ctypes.c_size_t(256), 0))
sent = bytes(range(256))
got = ctypes.create_string_buffer(256)
ok(acl.aclrtMemcpy(block, ctypes.c_size_t(256), sent, ctypes.c_size_t(256), 1))
ok(acl.aclrtMemcpy(got, ctypes.c_size_t(256), block, ctypes.c_size_t(256), 2))
assert got.raw == sent
assert acl.aclrtMalloc(None, ctypes.c_size_t(1), 0) == 100000
ok(acl.aclrtFree(block))
ok(acl.aclrtResetDevice(0))
ok(acl.aclFinalize())
print(acl.aclrtGetSocName().decode())
