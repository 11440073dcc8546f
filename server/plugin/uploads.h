// Uploads: plugins that administrators have sent over HTTP and not decided about yet. Each is verified and unpacked
// before anybody is asked; nothing of it runs.
//
// Thread: any (blocking).
#pragma once

#include "server/base/bytes.h"
#include "server/base/id.h"
#include "server/base/result.h"
#include "server/base/time.h"
#include "server/plugin/installed.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

namespace cluse::plugin {

/// Of an archive that comes over HTTP. `cluse plugin install` takes larger ones.
inline constexpr std::size_t kUploadBytesMax = 32U << 20;
inline constexpr std::size_t kUploadsMax = 8;  ///< that wait for a decision
inline constexpr std::chrono::hours kUploadTimeMax{1};
/// Below <data>/plugins. No id of a plugin: those have a dot.
inline constexpr std::string_view kUploadsFolder = "uploads";

struct Upload {
  Id person;  ///< who sent it, and may decide
  Instant at;
  std::filesystem::path folder;  ///< as it was unpacked
  Package package;
  std::string signer;  ///< empty: nobody
};

class Uploads {
 public:
  /// What lies in `folder` from before is thrown away. Requires: clock outlives it.
  Uploads(std::filesystem::path folder, const Clock& clock);

  struct Added {
    std::string key;
    Upload upload;
  };
  /// Codes: those of unpack and check_folder; "plugin_uploads_too_many".
  [[nodiscard]] Result<Added> add(BytesView archive, Id person);
  /// Code "plugin_upload_not_found": none of hers, or it is over.
  [[nodiscard]] Result<Upload> get(const std::string& key, Id person);
  /// The same; forgets it and removes its files.
  [[nodiscard]] Result<void> drop(const std::string& key, Id person);

 private:
  void drop_old();

  const std::filesystem::path folder_;
  const Clock& clock_;
  // Guarded by mutex_
  std::mutex mutex_;
  std::map<std::string, Upload> uploads_;
};

}  // namespace cluse::plugin
