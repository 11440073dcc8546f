// ZIP archives in memory (minizip): the plugin opens no files.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace annuaires {

/// An archive that cannot be read, or that grows past what it is allowed.
class ZipError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads an archive that lies in memory; `octets` must outlive it.
class ZipReader {
 public:
  explicit ZipReader(std::string_view octets);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;
  [[nodiscard]] bool has(const std::string& name) const;
  /// A whole file of it; throws ZipError where there is none or it is larger than `max`.
  [[nodiscard]] std::string read(const std::string& name, std::size_t max) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Writes one; `finish` gives its octets.
class ZipWriter {
 public:
  ZipWriter();
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;
  void add(const std::string& name, std::string_view content, bool packed = true);
  [[nodiscard]] std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace annuaires
