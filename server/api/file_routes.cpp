// Files in and out: import, export, images.

#include "server/api/origin.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <optional>
#include <utility>

namespace cluse::api {
namespace {

// "Text/HTML; charset=utf-8" → "text/html".
std::string media_type(const net::Request& request) {
  const std::string_view header = request.header("Content-Type");
  std::string type;
  for (const char c : header.substr(0, header.find(';')))
    if (c != ' ' && c != '\t') type += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return type;
}

std::optional<domain::ImportFormat> import_format(const std::string& type) {
  if (type == "text/plain") return domain::ImportFormat::text;
  if (type == "text/markdown") return domain::ImportFormat::markdown;
  if (type == "text/html") return domain::ImportFormat::html;
  return std::nullopt;
}

Task<Reply> import_file(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  CLUSE_CO_TRY(parent, call.query_id("parent_id"));
  const auto format = import_format(media_type(call.request));
  if (!format) co_return fail(Errc::unsupported, "type_unsupported");
  domain::ImportFile file;
  file.workspace_id = id;
  file.format = *format;
  file.file_name = call.query("filename");
  file.parent_id = parent;
  if (const std::string language = call.query("language"); !language.empty()) file.language = language;
  file.bytes = std::move(call.request.body);
  auto imported = co_await backend.services->exchange.import_file(*call.actor, std::move(file));
  if (!imported) co_return std::unexpected(std::move(imported).error());
  co_return answer(201, to_json(*imported));
}

// File names of a title: what systems refuse becomes a dash; `ascii` for clients that know no RFC 6266.
std::string content_disposition(const std::string& title, std::string_view ending) {
  constexpr std::string_view kRefused = "/\\:*?\"<>|%;";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string ascii, encoded;
  for (const char c : title) {
    const auto code = static_cast<unsigned char>(c);
    const char shown = code < 0x20 || kRefused.find(c) != std::string_view::npos ? '-' : c;
    ascii += code < 0x7F ? shown : '_';
    const bool plain = (shown >= '0' && shown <= '9') || (shown >= 'A' && shown <= 'Z') ||
                       (shown >= 'a' && shown <= 'z') || shown == '-' || shown == '.' || shown == '_';
    if (plain) {
      encoded += shown;
    } else {
      encoded += '%';
      encoded += kDigits[static_cast<unsigned char>(shown) >> 4];
      encoded += kDigits[static_cast<unsigned char>(shown) & 15];
    }
  }
  return "attachment; filename=\"" + ascii + std::string(ending) + "\"; filename*=UTF-8''" + encoded +
         std::string(ending);
}

Task<Reply> export_file(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  const std::string format = call.query("format");
  if (format != "md" && format != "html")
    co_return fail(Errc::invalid, format.empty() ? "field_missing" : "field_invalid", "md or html", "format");
  const bool html = format == "html";
  const std::string& configured = backend.settings->public_url;
  std::string origin = configured.empty() ? own_origin(call.request) : configured;
  const auto wanted = html ? domain::ExportFormat::html : domain::ExportFormat::markdown;
  auto file = co_await backend.services->exchange.export_file(*call.actor, id, wanted, std::move(origin));
  if (!file) co_return std::unexpected(std::move(file).error());
  net::Response response = net::Response::empty(200);
  response.with("Content-Type", html ? "text/html; charset=utf-8" : "text/markdown; charset=utf-8");
  response.with("Content-Disposition", content_disposition(file->title, html ? ".html" : ".md"));
  response.body = std::move(file->bytes);
  co_return response;
}

Task<Reply> add_image(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  if (!media_type(call.request).starts_with("image/")) co_return fail(Errc::unsupported, "image_unsupported");
  auto image = co_await backend.services->images.add(*call.actor, id, std::move(call.request.body));
  if (!image) co_return std::unexpected(std::move(image).error());
  const boost::json::object body{{"id", image->id.to_string()},
                                 {"url", "/api/v1/documents/" + id.to_string() + "/images/" + image->blob},
                                 {"width", image->width},
                                 {"height", image->height},
                                 {"bytes", image->bytes}};
  co_return answer(201, body);
}

Task<Reply> find_image(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  auto image = co_await backend.services->images.content(*call.actor, id, call.parameters.at(1));
  if (!image) co_return std::unexpected(std::move(image).error());
  net::Response response = net::Response::empty(200);
  response.with("Content-Type", image->type);
  // The name is the hash of the bytes, so what stands under it never changes.
  response.with("Cache-Control", "private, max-age=31536000, immutable");
  // Opened by itself it is a picture and can be nothing else.
  response.with("Content-Security-Policy", "default-src 'none'; sandbox");
  response.with("X-Content-Type-Options", "nosniff");
  response.body = std::move(image->bytes);
  co_return response;
}

constexpr Route kRoutes[] = {
    {"POST", "/api/v1/workspaces/{id}/import", Access::signed_in, kImportBytesMax, import_file},
    {"GET", "/api/v1/documents/{id}/export", Access::signed_in, 0, export_file},
    {"POST", "/api/v1/documents/{id}/images", Access::signed_in, kImageBytesMax, add_image},
    {"GET", "/api/v1/documents/{id}/images/{blob}", Access::signed_in, 0, find_image},
};

}  // namespace

std::span<const Route> file_routes() {
  return kRoutes;
}

}  // namespace cluse::api
