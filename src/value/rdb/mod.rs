//! One value in Redis's serialized form (RDB version 10), as DUMP, RESTORE and snapshots carry it.
