//! Nadhir: the hub, the adapters and the command line, as a library the binary and the tests share.
