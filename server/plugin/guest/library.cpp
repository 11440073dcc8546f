#include "server/plugin/guest/library.h"

#include <dlfcn.h>
#include <elf.h>
#include <cstring>
#include <optional>

namespace cluse::plugin {
namespace {

constexpr std::string_view kCode = "plugin_library_wrong";
constexpr std::string_view kEntry = "cluse_plugin_entry";
constexpr std::size_t kSymbolsMax = 100'000;

std::unexpected<Error> wrong(std::string words) {
  return fail(Errc::invalid, kCode, std::move(words));
}

/// Reads structures at offsets that the file itself names: each read is checked against its end.
class Elf {
 public:
  explicit Elf(BytesView file) : file_(file) {}

  template <class T>
  [[nodiscard]] std::optional<T> at(std::uint64_t offset) const {
    if (offset > file_.size() || file_.size() - offset < sizeof(T)) return std::nullopt;
    T out;
    std::memcpy(&out, file_.data() + offset, sizeof out);
    return out;
  }
  [[nodiscard]] std::optional<std::string> text(std::uint64_t offset) const {
    if (offset >= file_.size()) return std::nullopt;
    const auto end = file_.find('\0', offset);
    if (end == BytesView::npos || end - offset > 4096) return std::nullopt;
    return std::string(file_.substr(offset, end - offset));
  }
  /// Where the byte that will stand at `address` is in the file.
  [[nodiscard]] std::optional<std::uint64_t> place_of(std::uint64_t address, const Elf64_Ehdr& head) const {
    for (std::uint64_t i = 0; i < head.e_phnum; ++i) {
      const auto part = at<Elf64_Phdr>(head.e_phoff + i * sizeof(Elf64_Phdr));
      if (part && part->p_type == PT_LOAD && address >= part->p_vaddr && address - part->p_vaddr < part->p_filesz)
        return part->p_offset + (address - part->p_vaddr);
    }
    return std::nullopt;
  }

 private:
  BytesView file_;
};

bool is_for_this_machine(const Elf64_Ehdr& head) {
#if defined(__x86_64__)
  constexpr int kMachine = EM_X86_64;
#else
  constexpr int kMachine = EM_AARCH64;
#endif
  return std::memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 && head.e_ident[EI_CLASS] == ELFCLASS64 &&
         head.e_ident[EI_DATA] == ELFDATA2LSB && head.e_type == ET_DYN && head.e_machine == kMachine &&
         head.e_phentsize == sizeof(Elf64_Phdr) && head.e_shentsize == sizeof(Elf64_Shdr);
}

bool is_exported(const Elf64_Sym& symbol) {
  const auto binding = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && binding != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

Result<void> read_entry(const Elf& elf, const Elf64_Ehdr& head, const Elf64_Sym& symbol, LibraryFacts& facts) {
  const auto place = elf.place_of(symbol.st_value, head);
  if (!place || symbol.st_size < sizeof(cluse_entry)) return wrong("cluse_plugin_entry is not a cluse_entry");
  facts.abi_major = elf.at<std::uint32_t>(*place + 4).value_or(~0U);
  facts.abi_minor = elf.at<std::uint32_t>(*place + 8).value_or(~0U);
  return {};
}

Result<void> read_symbols(const Elf& elf, const Elf64_Ehdr& head, const Elf64_Shdr& table, LibraryFacts& facts) {
  const auto names = elf.at<Elf64_Shdr>(head.e_shoff + std::uint64_t{table.sh_link} * sizeof(Elf64_Shdr));
  if (!names || table.sh_size / sizeof(Elf64_Sym) > kSymbolsMax) return wrong("its table of symbols cannot be read");
  for (std::uint64_t i = 1; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
    const auto symbol = elf.at<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym));
    if (!symbol) return wrong("its table of symbols is cut short");
    if (!is_exported(*symbol)) continue;
    const auto name = elf.text(names->sh_offset + symbol->st_name);
    if (!name) return wrong("the name of a symbol cannot be read");
    facts.exports.push_back(*name);
    if (*name == kEntry) CLUSE_CHECK(read_entry(elf, head, *symbol, facts));
  }
  return {};
}

}  // namespace

bool is_offered_abi(std::uint32_t major, std::uint32_t minor) {
  return major == CLUSE_ABI_MAJOR && minor >= kAbiMinorFirst && minor <= CLUSE_ABI_MINOR;
}

std::string offered_abis() {
  const std::string major = std::to_string(CLUSE_ABI_MAJOR) + '.';
  return major + std::to_string(kAbiMinorFirst) + " to " + major + std::to_string(CLUSE_ABI_MINOR);
}

Result<LibraryFacts> inspect_library(BytesView file) {
  const Elf elf(file);
  const auto head = elf.at<Elf64_Ehdr>(0);
  if (!head || !is_for_this_machine(*head)) return wrong("it is no shared object for this machine");
  LibraryFacts facts;
  for (std::uint64_t i = 0; i < head->e_shnum; ++i) {
    const auto section = elf.at<Elf64_Shdr>(head->e_shoff + i * sizeof(Elf64_Shdr));
    if (!section) return wrong("its table of sections is cut short");
    if (section->sh_type == SHT_DYNSYM) CLUSE_CHECK(read_symbols(elf, *head, *section, facts));
  }
  for (const std::string& name : facts.exports)
    if (name != kEntry) return wrong("it exports " + name + "; only cluse_plugin_entry may be seen (cluse_add_plugin)");
  if (facts.exports.empty()) return wrong("it does not export cluse_plugin_entry");
  if (!is_offered_abi(facts.abi_major, facts.abi_minor))
    return wrong("it was built for ABI " + std::to_string(facts.abi_major) + '.' + std::to_string(facts.abi_minor) +
                 ", and this release of Cluse offers " + offered_abis());
  return facts;
}

Result<const cluse_entry*> load_library(const std::filesystem::path& file) {
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    return wrong(why == nullptr ? "it cannot be loaded" : why);
  }
  const auto* entry = static_cast<const cluse_entry*>(::dlsym(library, kEntry.data()));
  if (entry == nullptr || entry->abi_major != CLUSE_ABI_MAJOR || entry->create == nullptr)
    return wrong("its entry is not what the file said");
  return entry;
}

}  // namespace cluse::plugin
