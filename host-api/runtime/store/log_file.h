// The file of a store's log (SQLite's WAL) as the writer's session has it: what a commit writes is gathered into pieces
// of a megabyte, which a thread of its own writes and has on their way to the device at once, while the commit goes on
// with the next. SQLite's own way is two calls of the system for each page, and the whole waits for the device after
// the last of them.
//
// Nothing of what a commit promises changes. SQLite lets nobody see a commit before it has written the last of its
// pages, which is marked as such; here that write waits for all that were written before, and fails if one of them
// failed. What is synced, read back, cut or measured is written before too. A commit smaller than a piece is written
// by who commits, and needs no thread.
//
// One thread at a time, as the session itself.
#pragma once

namespace hkl {

// The name of the VFS to open such a session with (sqlite3_open_v2): SQLite's default one, but for logs. Null where
// there is none; then the default one does.
const char* vfs_of_log_files();

}  // namespace hkl
