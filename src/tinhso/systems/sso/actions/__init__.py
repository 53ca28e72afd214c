"""The only writes: one function per act, all or nothing."""
