#include "server/domain/documents/images.h"

#include "server/domain/documents/image_header.h"

#include <filesystem>
#include <utility>

namespace cluse::domain {
namespace {

Result<ImageHeader> checked(BytesView bytes, const ImageLimits& limits) {
  if (bytes.size() > limits.bytes_max) return fail(Errc::too_large, "body_too_large");
  const auto header = read_image_header(bytes);
  if (!header) return fail(Errc::unsupported, "image_unsupported", "not an image we know");
  const bool fits = header->width <= limits.side_max && header->height <= limits.side_max &&
                    std::uint64_t{header->width} * header->height <= limits.pixels_max;
  if (!fits) return fail(Errc::unsupported, "image_unsupported", "too many pixels");
  return *header;
}

std::optional<Image> find_image(storage::Snapshot& snapshot, Id document, const std::string& blob) {
  const auto row = snapshot.one(
      "SELECT id, type, width, height, bytes FROM image WHERE document_id = ? AND blob_name = ?", {document, blob});
  if (!row) return std::nullopt;
  return Image{row->id(0),
               document,
               blob,
               row->text(1),
               static_cast<std::uint32_t>(row->integer(2)),
               static_cast<std::uint32_t>(row->integer(3)),
               static_cast<std::size_t>(row->integer(4))};
}

}  // namespace

Task<Result<Image>> Images::add(Actor actor, Id document, Bytes bytes) {
  CLUSE_CO_TRY(header, checked(bytes, limits_));
  auto may = [actor, document](storage::Snapshot& snapshot) -> Result<DocumentAccess> {
    return require_document(snapshot, actor, document, Role::editor);
  };
  auto allowed = co_await environment_.database.read(std::move(may));
  if (!allowed) co_return std::unexpected(std::move(allowed).error());
  const SharedBytes shared = share(std::move(bytes));
  auto put = [this, shared]() -> Result<std::string> { return environment_.blobs.put(*shared); };
  auto blob = co_await environment_.workers.run(std::move(put));
  if (!blob) co_return std::unexpected(std::move(blob).error());
  auto body = [actor, document, header = header, blob = *blob, size = shared->size(),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Image> {
    CLUSE_TRY(about, require_document(tx, actor, document, Role::editor));
    if (auto known = find_image(tx, document, blob)) return *known;
    Image image{new_id(now), document, blob, std::string(header.type), header.width, header.height, size};
    tx.run(
        "INSERT INTO image (id, document_id, blob_name, type, width, height, bytes, created_at, created_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {image.id, document, blob, image.type, image.width, image.height, image.bytes, now, actor.person_id});
    journal::append(tx, {author_of(actor),
                         journal::Verb::image_added,
                         journal::ObjectKind::image,
                         image.id,
                         about.workspace_id,
                         now,
                         {{"document", document.to_string()}}});
    return image;
  };
  auto image = co_await environment_.database.write(std::move(body));
  if (!image) co_return std::unexpected(std::move(image).error());
  // Between `put` and the row a purge of the same bytes elsewhere may have taken the file; from the row on it cannot.
  auto again = [this, shared, name = *blob]() -> Result<std::string> {
    if (std::filesystem::exists(environment_.blobs.path_of(name))) return name;
    return environment_.blobs.put(*shared);
  };
  auto kept = co_await environment_.workers.run(std::move(again));
  if (!kept) co_return std::unexpected(std::move(kept).error());
  co_return std::move(*image);
}

Task<Result<ImageContent>> Images::content(Actor actor, Id document, std::string blob) {
  auto body = [actor, document, blob](storage::Snapshot& snapshot) -> Result<std::string> {
    CLUSE_CHECK(require_document(snapshot, actor, document, Role::reader));
    const auto image = find_image(snapshot, document, blob);
    if (!image) return fail(Errc::not_found, "image_not_found");
    return image->type;
  };
  auto type = co_await environment_.database.read(std::move(body));
  if (!type) co_return std::unexpected(std::move(type).error());
  auto get = [this, blob]() -> Result<Bytes> { return environment_.blobs.get(blob); };
  auto bytes = co_await environment_.workers.run(std::move(get));
  if (!bytes && bytes.error().kind == Errc::not_found) co_return fail(Errc::not_found, "image_not_found", "no file");
  if (!bytes) co_return std::unexpected(std::move(bytes).error());
  co_return ImageContent{std::move(*type), std::move(*bytes)};
}

}  // namespace cluse::domain
