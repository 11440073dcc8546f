#include "zip.h"

#include <minizip/unzip.h>
#include <minizip/zip.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace annuaires {
namespace {

/// What minizip takes for a file.
struct Memory {
  std::string written;
  std::string_view octets;
  std::size_t at = 0;
  [[nodiscard]] std::string_view all() const { return octets.data() == nullptr ? std::string_view(written) : octets; }
};

Memory& of(voidpf stream) {
  return *static_cast<Memory*>(stream);
}
voidpf open_memory(voidpf opaque, const void*, int) {
  return opaque;
}
uLong read_memory(voidpf, voidpf stream, void* into, uLong size) {
  Memory& memory = of(stream);
  const auto rest = memory.all().substr(std::min(memory.at, memory.all().size()));
  const auto taken = std::min<std::size_t>(size, rest.size());
  std::memcpy(into, rest.data(), taken);
  memory.at += taken;
  return static_cast<uLong>(taken);
}
uLong write_memory(voidpf, voidpf stream, const void* from, uLong size) {
  Memory& memory = of(stream);
  if (memory.written.size() < memory.at + size) memory.written.resize(memory.at + size);
  std::memcpy(memory.written.data() + memory.at, from, size);
  memory.at += size;
  return size;
}
ZPOS64_T tell_memory(voidpf, voidpf stream) {
  return of(stream).at;
}
long seek_memory(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  Memory& memory = of(stream);
  const std::size_t from = origin == ZLIB_FILEFUNC_SEEK_END   ? memory.all().size()
                           : origin == ZLIB_FILEFUNC_SEEK_CUR ? memory.at
                                                              : 0;
  if (offset > memory.all().size() - std::min(from, memory.all().size()) && origin != ZLIB_FILEFUNC_SEEK_SET) return -1;
  if (from + offset > memory.all().size()) return -1;
  memory.at = from + offset;
  return 0;
}
int close_memory(voidpf, voidpf) {
  return 0;
}
int error_memory(voidpf, voidpf) {
  return 0;
}

zlib_filefunc64_def functions(Memory& memory) {
  zlib_filefunc64_def all{};
  all.zopen64_file = &open_memory;
  all.zread_file = &read_memory;
  all.zwrite_file = &write_memory;
  all.ztell64_file = &tell_memory;
  all.zseek64_file = &seek_memory;
  all.zclose_file = &close_memory;
  all.zerror_file = &error_memory;
  all.opaque = &memory;
  return all;
}

}  // namespace

struct ZipReader::State {
  Memory memory;
  unzFile file = nullptr;
};

ZipReader::ZipReader(std::string_view octets) : state_(std::make_unique<State>()) {
  state_->memory.octets = octets;
  auto all = functions(state_->memory);
  state_->file = unzOpen2_64("memory", &all);
  if (state_->file == nullptr) throw ZipError("this is no archive");
}

ZipReader::~ZipReader() {
  unzClose(state_->file);
}

bool ZipReader::has(const std::string& name) const {
  return unzLocateFile(state_->file, name.c_str(), 1) == UNZ_OK;
}

std::string ZipReader::read(const std::string& name, std::size_t max) const {
  if (!has(name) || unzOpenCurrentFile(state_->file) != UNZ_OK) throw ZipError(name + " is not in it");
  std::string out;
  std::array<char, 64U << 10> buffer{};
  int got = 0;
  // The size that the archive states proves nothing: what comes out is what is counted.
  while ((got = unzReadCurrentFile(state_->file, buffer.data(), buffer.size())) > 0 && out.size() <= max)
    out.append(buffer.data(), static_cast<std::size_t>(got));
  const bool is_whole = unzCloseCurrentFile(state_->file) == UNZ_OK && got == 0;
  if (out.size() > max) throw ZipError(name + " is too large");
  if (!is_whole) throw ZipError(name + " is damaged");
  return out;
}

struct ZipWriter::State {
  Memory memory;
  zipFile file = nullptr;
};

ZipWriter::ZipWriter() : state_(std::make_unique<State>()) {
  auto all = functions(state_->memory);
  state_->file = zipOpen2_64("memory", APPEND_STATUS_CREATE, nullptr, &all);
  if (state_->file == nullptr) throw ZipError("no memory for an archive");
}

ZipWriter::~ZipWriter() {
  if (state_->file != nullptr) zipClose(state_->file, nullptr);
}

void ZipWriter::add(const std::string& name, std::string_view content, bool packed) {
  zip_fileinfo info{};
  info.tmz_date = {0, 0, 0, 1, 0, 2026};
  const int opened = zipOpenNewFileInZip(state_->file, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr,
                                         packed ? Z_DEFLATED : 0, packed ? Z_BEST_SPEED : 0);
  if (opened != ZIP_OK ||
      zipWriteInFileInZip(state_->file, content.data(), static_cast<unsigned>(content.size())) != ZIP_OK ||
      zipCloseFileInZip(state_->file) != ZIP_OK)
    throw ZipError(name + " cannot be written");
}

std::string ZipWriter::finish() {
  const int closed = zipClose(std::exchange(state_->file, nullptr), nullptr);
  if (closed != ZIP_OK) throw ZipError("the archive cannot be closed");
  return std::move(state_->memory.written);
}

}  // namespace annuaires
