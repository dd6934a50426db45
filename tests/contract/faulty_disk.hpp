#pragma once
// A disk under SQLite that forgets what was not synced, and that fails on demand. It passes all on
// to the system's own files and remembers, for each, the bytes that a power cut would leave.

#include <sqlite3.h>

#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace laurel::store {

class FaultyDisk {
 public:
  // SQLite uses it from here on, and the system's disk again afterwards. One at a time.
  FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;
  ~FaultyDisk();

  // Leaves at `target` what is on the disk of the database `path`.
  void cut_power(const std::string& path, const std::string& target);
  void fail_syncs(bool fail) { fail_syncs_ = fail; }
  void fill_up(bool full) { full_ = full; }

 private:
  struct Write {
    sqlite3_int64 offset;
    std::string bytes;
    bool truncates = false;
  };
  struct Content {
    std::string durable;
    std::vector<Write> pending;
    void sync() {
      for (const Write& write : pending) {
        const auto offset = static_cast<std::size_t>(write.offset);
        if (write.truncates) {
          durable.resize(offset);
          continue;
        }
        durable.resize(std::max(durable.size(), offset + write.bytes.size()));
        durable.replace(offset, write.bytes.size(), write.bytes);
      }
      pending.clear();
    }
  };
  struct File {
    sqlite3_file base;
    Content* content;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static FaultyDisk* self;
  static File* file(sqlite3_file* handle) { return reinterpret_cast<File*>(handle); }
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* handle, int flags, int* out);
  static int write(sqlite3_file* handle, const void* bytes, int size, sqlite3_int64 offset);
  static int truncate(sqlite3_file* handle, sqlite3_int64 size);
  static int sync(sqlite3_file* handle, int flags);
  static sqlite3_io_methods methods();

  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_;
  sqlite3_io_methods methods_;
  std::mutex mutex_;
  std::map<std::string, Content> contents_;
  std::atomic<bool> fail_syncs_ = false, full_ = false;
};

inline FaultyDisk* FaultyDisk::self = nullptr;

inline FaultyDisk::FaultyDisk()
    : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_), methods_(methods()) {
  self = this;
  vfs_.zName = "faulty";
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  vfs_.xOpen = &FaultyDisk::open;
  sqlite3_vfs_register(&vfs_, 1);
}

inline FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

inline void FaultyDisk::cut_power(const std::string& path, const std::string& target) {
  const std::lock_guard lock(mutex_);
  for (const char* suffix : {"", "-wal"}) {
    const auto content = contents_.find(path + suffix);
    if (content == contents_.end()) continue;
    std::ofstream(target + suffix, std::ios::binary | std::ios::trunc) << content->second.durable;
  }
}

inline int FaultyDisk::open(sqlite3_vfs*, const char* name, sqlite3_file* handle, int flags,
                            int* out) {
  File* opened = file(handle);
  opened->base.pMethods = nullptr;
  const int code = self->real_->xOpen(self->real_, name, opened->real(), flags, out);
  if (code != SQLITE_OK) return code;
  const std::lock_guard lock(self->mutex_);
  opened->content = &self->contents_[name == nullptr ? "" : name];
  opened->base.pMethods = &self->methods_;
  return SQLITE_OK;
}

inline int FaultyDisk::write(sqlite3_file* handle, const void* bytes, int size,
                             sqlite3_int64 offset) {
  if (self->full_) return SQLITE_FULL;
  {
    const std::lock_guard lock(self->mutex_);
    file(handle)->content->pending.push_back(
        {offset, std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size))});
  }
  sqlite3_file* real = file(handle)->real();
  return real->pMethods->xWrite(real, bytes, size, offset);
}

inline int FaultyDisk::truncate(sqlite3_file* handle, sqlite3_int64 size) {
  {
    const std::lock_guard lock(self->mutex_);
    file(handle)->content->pending.push_back({size, {}, true});
  }
  sqlite3_file* real = file(handle)->real();
  return real->pMethods->xTruncate(real, size);
}

inline int FaultyDisk::sync(sqlite3_file* handle, int flags) {
  if (self->fail_syncs_) return SQLITE_IOERR_FSYNC;
  {
    const std::lock_guard lock(self->mutex_);
    file(handle)->content->sync();
  }
  sqlite3_file* real = file(handle)->real();
  return real->pMethods->xSync(real, flags);
}

// All but the three above are passed on as they are.
inline sqlite3_io_methods FaultyDisk::methods() {
  sqlite3_io_methods table = {};
  table.iVersion = 2;
  table.xClose = [](sqlite3_file* f) { return file(f)->real()->pMethods->xClose(file(f)->real()); };
  table.xRead = [](sqlite3_file* f, void* bytes, int size, sqlite3_int64 offset) {
    return file(f)->real()->pMethods->xRead(file(f)->real(), bytes, size, offset);
  };
  table.xWrite = &FaultyDisk::write;
  table.xTruncate = &FaultyDisk::truncate;
  table.xSync = &FaultyDisk::sync;
  table.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
    return file(f)->real()->pMethods->xFileSize(file(f)->real(), size);
  };
  table.xLock = [](sqlite3_file* f, int kind) {
    return file(f)->real()->pMethods->xLock(file(f)->real(), kind);
  };
  table.xUnlock = [](sqlite3_file* f, int kind) {
    return file(f)->real()->pMethods->xUnlock(file(f)->real(), kind);
  };
  table.xCheckReservedLock = [](sqlite3_file* f, int* held) {
    return file(f)->real()->pMethods->xCheckReservedLock(file(f)->real(), held);
  };
  table.xFileControl = [](sqlite3_file* f, int op, void* argument) {
    return file(f)->real()->pMethods->xFileControl(file(f)->real(), op, argument);
  };
  table.xSectorSize = [](sqlite3_file* f) {
    return file(f)->real()->pMethods->xSectorSize(file(f)->real());
  };
  table.xDeviceCharacteristics = [](sqlite3_file* f) {
    return file(f)->real()->pMethods->xDeviceCharacteristics(file(f)->real());
  };
  table.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** at) {
    return file(f)->real()->pMethods->xShmMap(file(f)->real(), page, size, extend, at);
  };
  table.xShmLock = [](sqlite3_file* f, int offset, int count, int flags) {
    return file(f)->real()->pMethods->xShmLock(file(f)->real(), offset, count, flags);
  };
  table.xShmBarrier = [](sqlite3_file* f) {
    file(f)->real()->pMethods->xShmBarrier(file(f)->real());
  };
  table.xShmUnmap = [](sqlite3_file* f, int erase) {
    return file(f)->real()->pMethods->xShmUnmap(file(f)->real(), erase);
  };
  return table;
}

}  // namespace laurel::store
