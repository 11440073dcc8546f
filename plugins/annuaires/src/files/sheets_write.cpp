#include "../text/xml.h"
#include "sheets.h"
#include "zip.h"

#include <algorithm>
#include <string>

namespace annuaires {
namespace {

constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr std::string_view kRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view kPackage = "http://schemas.openxmlformats.org/package/2006/";
constexpr std::size_t kCellMax = 32'767;  // of Excel's
constexpr std::size_t kWidthMin = 8, kWidthMax = 60, kSignWidth_mm = 2;

std::string column_name(std::size_t i) {
  std::string name;
  for (++i; i > 0; i = (i - 1) / 26) name.insert(name.begin(), static_cast<char>('A' + (i - 1) % 26));
  return name;
}

std::string text_of(std::string_view cell) {
  const auto end = cell.size() <= kCellMax ? cell.size() : cell.rfind(' ', kCellMax);
  return xml(cell.substr(0, std::min(end, cell.size())));
}

std::vector<std::size_t> widths_of(const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths;
  for (std::size_t r = 0; r < std::min<std::size_t>(rows.size(), 500); ++r) {
    widths.resize(std::max(widths.size(), rows[r].size()), kWidthMin);
    for (std::size_t i = 0; i < rows[r].size(); ++i)
      widths[i] = std::clamp(rows[r][i].size() + 2, widths[i], std::max(widths[i], kWidthMax));
  }
  return widths;
}

std::string sheet_xml(const std::vector<Cells>& rows) {
  std::string out(kHead);
  out += "<worksheet xmlns=\"" + std::string(kMain) +
         "\"><sheetViews><sheetView workbookViewId=\"0\">"
         "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" "
         "state=\"frozen\"/></sheetView></sheetViews><cols>";
  const auto widths = widths_of(rows);
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string n = std::to_string(i + 1);
    out += "<col min=\"" + n + "\" max=\"" + n + "\" width=\"" + std::to_string(widths[i]) + "\" customWidth=\"1\"/>";
  }
  out += "</cols><sheetData>";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::string number = std::to_string(r + 1);
    out += "<row r=\"" + number + "\">";
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      if (rows[r][i].empty()) continue;
      out += "<c r=\"" + column_name(i) + number + (r == 0 ? "\" s=\"1\"" : "\"") +
             " t=\"inlineStr\"><is><t xml:space=\"preserve\">" + text_of(rows[r][i]) + "</t></is></c>";
    }
    out += "</row>";
  }
  return out + "</sheetData><pageSetup paperSize=\"9\" orientation=\"landscape\"/></worksheet>";
}

std::string relation(std::string_view id, std::string_view type, std::string_view target) {
  return "<Relationship Id=\"" + std::string(id) + "\" Type=\"" + std::string(kRelations) + "/" + std::string(type) +
         "\" Target=\"" + std::string(target) + "\"/>";
}

std::string relations(const std::string& all) {
  return std::string(kHead) + "<Relationships xmlns=\"" + std::string(kPackage) + "relationships\">" + all +
         "</Relationships>";
}

std::string content_types() {
  constexpr std::string_view kSheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  const auto part = [&](std::string_view name, std::string_view type) {
    return "<Override PartName=\"" + std::string(name) + "\" ContentType=\"" + std::string(kSheet) + std::string(type) +
           "+xml\"/>";
  };
  return std::string(kHead) + "<Types xmlns=\"" + std::string(kPackage) +
         "content-types\">"
         "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
         "<Default Extension=\"xml\" ContentType=\"application/xml\"/>" +
         part("/xl/workbook.xml", "sheet.main") + part("/xl/worksheets/sheet1.xml", "worksheet") +
         part("/xl/styles.xml", "styles") + "</Types>";
}

// Two cell styles, the second bold; "@" is text, so that what is typed into such a cell stays as it was typed.
std::string styles() {
  return std::string(kHead) + "<styleSheet xmlns=\"" + std::string(kMain) +
         "\"><fonts count=\"2\"><font><sz val=\"11\"/>"
         "<name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills "
         "count=\"2\"><fill>"
         "<patternFill patternType=\"none\"/></fill><fill><patternFill "
         "patternType=\"gray125\"/></fill></fills><borders count=\"1\">"
         "<border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf "
         "numFmtId=\"0\" fontId=\"0\" "
         "fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"2\"><xf numFmtId=\"49\" fontId=\"0\" "
         "fillId=\"0\" borderId=\"0\" "
         "xfId=\"0\" applyNumberFormat=\"1\"/><xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
         "applyFont=\"1\"/>"
         "</cellXfs></styleSheet>";
}

// Excel wants at most 31 characters, and none of these.
std::string sheet_title(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, 31))
    out += std::string_view("[]:*?/\\'").find(c) == std::string_view::npos ? c : ' ';
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0) == 0x80) out.pop_back();
  if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xc0) out.pop_back();
  return out.empty() ? "Annuaire" : out;
}

// Printed, each page repeats the head and the first column: whose row it is.
std::string printed_titles(const std::string& title) {
  const std::string sheet = "'" + xml(title) + "'!";
  return "<definedNames><definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">" + sheet + "$A:$A," + sheet +
         "$1:$1</definedName></definedNames>";
}

std::string ods_content(std::string_view sheet, const std::vector<Cells>& rows) {
  std::string out(kHead);
  out +=
      "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
      "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "
      "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
      "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "
      "xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" office:version=\"1.2\">"
      "<office:automatic-styles><style:style style:name=\"head\" style:family=\"table-cell\"><style:text-properties "
      "fo:font-weight=\"bold\"/></style:style>";
  const auto widths = widths_of(rows);
  for (std::size_t i = 0; i < widths.size(); ++i)
    out += "<style:style style:name=\"w" + std::to_string(i) +
           "\" style:family=\"table-column\"><style:table-column-properties style:column-width=\"" +
           std::to_string(widths[i] * kSignWidth_mm) + "mm\"/></style:style>";
  out +=
      "</office:automatic-styles><office:body><office:spreadsheet><table:table "
      "table:name=\"" +
      xml(sheet_title(sheet)) + "\">";
  for (std::size_t i = 0; i < widths.size(); ++i)
    out += "<table:table-column table:style-name=\"w" + std::to_string(i) + "\"/>";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += "<table:table-row>";
    for (const auto& cell : rows[r]) {
      out += r == 0 ? "<table:table-cell table:style-name=\"head\" office:value-type=\"string\">"
                    : "<table:table-cell office:value-type=\"string\">";
      std::string_view rest = cell;
      while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        out += "<text:p>" + xml(rest.substr(0, end)) + "</text:p>";
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      out += "</table:table-cell>";
    }
    out += "</table:table-row>";
  }
  return out + "</table:table></office:spreadsheet></office:body></office:document-content>";
}

}  // namespace

std::string write_xlsx(std::string_view sheet, const std::vector<Cells>& rows) {
  ZipWriter zip;
  zip.add("[Content_Types].xml", content_types());
  zip.add("_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml")));
  zip.add("xl/workbook.xml", std::string(kHead) + "<workbook xmlns=\"" + std::string(kMain) + "\" xmlns:r=\"" +
                                 std::string(kRelations) + "\"><sheets><sheet name=\"" + xml(sheet_title(sheet)) +
                                 "\" sheetId=\"1\" r:id=\"rId1\"/></sheets>" + printed_titles(sheet_title(sheet)) +
                                 "</workbook>");
  zip.add("xl/_rels/workbook.xml.rels",
          relations(relation("rId1", "worksheet", "worksheets/sheet1.xml") + relation("rId2", "styles", "styles.xml")));
  zip.add("xl/styles.xml", styles());
  zip.add("xl/worksheets/sheet1.xml", sheet_xml(rows));
  return zip.finish();
}

std::string write_ods(std::string_view sheet, const std::vector<Cells>& rows) {
  constexpr std::string_view kType = "application/vnd.oasis.opendocument.spreadsheet";
  ZipWriter zip;
  zip.add("mimetype", kType, false);  // first and not packed, so that the kind of file can be seen in its first octets
  zip.add("META-INF/manifest.xml",
          std::string(kHead) +
              "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" "
              "manifest:version=\"1.2\"><manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"" +
              std::string(kType) +
              "\"/><manifest:file-entry manifest:full-path=\"content.xml\" "
              "manifest:media-type=\"text/xml\"/></manifest:manifest>");
  zip.add("content.xml", ods_content(sheet, rows));
  return zip.finish();
}

}  // namespace annuaires
