// Aim: documents over the wire as docs/api.md has them: the tree, the trash, files, images, the start page, the search.

#include "server/api/testing.h"

#include <gtest/gtest.h>

namespace cluse::api {
namespace {

using namespace std::chrono_literals;
using std::string_literals::operator""s;

const std::string kGif = "GIF89a\x40\x01\xf0\x00\x80\x00\x00;"s;

class DocumentsApi : public testing::Test {
 protected:
  DocumentsApi() { server.join(workspace, paul, "editor"); }

  std::string at_workspace(const std::string& rest) { return "/api/v1/workspaces/" + workspace + rest; }
  std::string at(const std::string& document, const std::string& rest = "") {
    return "/api/v1/documents/" + document + rest;
  }
  Answer import(const std::string& query, const std::string& body, const std::string& type = "text/markdown") {
    return paul.send("POST", at_workspace("/import?" + query), {body, type, {}});
  }

  TestServer server;
  std::string workspace = server.workspace();
  Client paul = server.newcomer("Paul Rochat", "paul@example.org", "CH");
};

TEST_F(DocumentsApi, ShowsEveryFieldOfTheContract) {
  const Answer made = paul.post(at_workspace("/documents"), R"({"title":"  Compte rendu ","language":"de-CH"})");
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.text("/title"), "Compte rendu");
  EXPECT_EQ(made.text("/workspace_id"), workspace);
  EXPECT_EQ(made.text("/parent_id"), "null");
  EXPECT_EQ(made.text("/kind"), "document");
  EXPECT_EQ(made.text("/language"), "de-CH");
  EXPECT_EQ(made.text("/position"), "1");
  EXPECT_EQ(made.text("/created_by/name"), "Paul Rochat");
  EXPECT_EQ(made.text("/updated_by/organisation/country"), "CH");
  EXPECT_EQ(made.text("/created_at").size(), 24U);
  EXPECT_EQ(made.text("/trashed_at"), "null");
  EXPECT_EQ(made.text("/writers"), "[]");
  EXPECT_FALSE(made.json.as_object().contains("my_role"));
  EXPECT_EQ(paul.get(at(made.text("/id"))).text("/my_role"), "editor");
}

TEST_F(DocumentsApi, RefusesTitlesThatAreNone) {
  const auto code = [&](const std::string& body) {
    const Answer answer = paul.post(at_workspace("/documents"), body);
    return answer.code() + " " + answer.text("/field");
  };
  EXPECT_EQ(code("{}"), "field_missing title");
  EXPECT_EQ(code(R"({"title":"   "})"), "field_missing title");
  EXPECT_EQ(code(R"({"title":"a\u0000b"})"), "field_invalid title");
  EXPECT_EQ(code(R"({"title":")" + std::string(201, 'a') + R"("})"), "field_too_long title");
  EXPECT_EQ(code(R"({"title":"a","kind":"sheet"})"), "field_invalid kind");
  EXPECT_EQ(code(R"({"title":"a","language":"français"})"), "field_invalid language");
  EXPECT_EQ(code(R"({"title":"a","parent_id":"nowhere"})"), "field_invalid parent_id");
  EXPECT_EQ(code(R"({"title":"a","after_id":")" + workspace + R"("})"), "field_invalid after_id");
}

TEST_F(DocumentsApi, RenamesAndTellsWhoHasItOpen) {
  const std::string id = server.document(paul, workspace, "Note");
  const Answer renamed = paul.patch(at(id), R"({"title":"Note 2"})");
  EXPECT_EQ(renamed.text("/title"), "Note 2");
  EXPECT_EQ(server.domain.live.count("about_changed", *Id::parse(id)), 1);
  EXPECT_EQ(paul.patch(at(id), "{}").status, 200);
}

TEST_F(DocumentsApi, MovesAndRefusesCycles) {
  const std::string a = server.document(paul, workspace, "a"), b = server.document(paul, workspace, "b");
  const Answer inside = paul.post(at(b, "/move"), R"({"parent_id":")" + a + R"(","after_id":null})");
  EXPECT_EQ(inside.text("/parent_id"), a);
  const Answer cycle = paul.post(at(a, "/move"), R"({"parent_id":")" + b + R"(","after_id":null})");
  EXPECT_EQ(cycle.status, 409);
  EXPECT_EQ(cycle.code(), "move_into_itself");
}

TEST_F(DocumentsApi, GoesIntoTheTrashAndComesBack) {
  const std::string id = server.document(paul, workspace, "Note");
  EXPECT_EQ(paul.remove(at(id)).status, 204);
  EXPECT_EQ(paul.get(at(id)).status, 410);
  EXPECT_EQ(paul.get(at(id)).code(), "document_trashed");
  EXPECT_EQ(paul.patch(at(id), R"({"title":"x"})").status, 410);
  EXPECT_EQ(paul.get(at_workspace("/documents")).text("/documents"), "[]");
  EXPECT_EQ(paul.get(at_workspace("/trash")).text("/documents/0/id"), id);
  EXPECT_EQ(paul.remove(at(id, "?permanent=maybe")).code(), "field_invalid");
  EXPECT_EQ(paul.remove(at(id, "?permanent=true")).code(), "denied");
  EXPECT_EQ(paul.post(at(id, "/restore")).text("/id"), id);
  EXPECT_EQ(server.administrator().remove(at(id, "?permanent=true")).code(), "document_not_trashed");
}

TEST_F(DocumentsApi, ImportsWhatItExports) {
  const std::string text = "# Ordre du jour\n\n- Mobilité\n- Santé\n\nUn **point** important.\n";
  const Answer made = import("filename=" + query_encoded("Séance du 12.3.md") + "&language=fr", text);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.text("/title"), "Séance du 12.3");
  const Answer markdown = paul.get(at(made.text("/id"), "/export?format=md"));
  EXPECT_EQ(markdown.status, 200);
  EXPECT_EQ(markdown.header("Content-Type"), "text/markdown; charset=utf-8");
  EXPECT_EQ(markdown.header("Content-Disposition"),
            "attachment; filename=\"S__ance du 12.3.md\"; filename*=UTF-8''S%C3%A9ance%20du%2012.3.md");
  EXPECT_NE(markdown.body.find("# Ordre du jour"), std::string::npos) << markdown.body;
  EXPECT_NE(markdown.body.find("**point**"), std::string::npos) << markdown.body;
  const Answer html = paul.get(at(made.text("/id"), "/export?format=html"));
  EXPECT_NE(html.body.find("<strong>point</strong>"), std::string::npos) << html.body;
  EXPECT_EQ(paul.get(at(made.text("/id"), "/export?format=pdf")).code(), "field_invalid");
}

TEST_F(DocumentsApi, TellsTheBeginningOfAText) {
  const Answer made =
      import("filename=a.md", "# Ordre du jour\n\nUn **point** [ici](https://example.org/a).\n\nSuite\n");
  const Answer all = paul.get(at(made.text("/id"), "/text"));
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.text("/blocks/0/type"), "heading");
  EXPECT_EQ(all.text("/blocks/0/attrs/level"), "1");
  EXPECT_EQ(all.text("/blocks/1/content/1/text"), "point");
  EXPECT_EQ(all.text("/blocks/1/content/1/marks/0/type"), "bold");
  EXPECT_EQ(all.text("/blocks/1/content/3/marks/0/attrs/href"), "https://example.org/a");
  EXPECT_EQ(all.text("/more"), "false");
  const Answer first = paul.get(at(made.text("/id"), "/text?blocks=1"));
  EXPECT_EQ(first.text("/blocks/0/type"), "heading");
  EXPECT_EQ(first.at("/blocks").as_array().size(), 1U);
  EXPECT_EQ(first.text("/more"), "true");
  for (const char* wrong : {"0", "201", "-1", "2x", "x"})
    EXPECT_EQ(paul.get(at(made.text("/id"), "/text?blocks=" + std::string(wrong))).code(), "field_invalid") << wrong;
}

TEST_F(DocumentsApi, LeavesALongBlockToTheLiveDocument) {
  const std::string text = "Court.\n\n" + std::string(domain::kBeginningBytesMax, 'x') + "\n\nFin.\n";
  const Answer beginning = paul.get(at(import("filename=a.md", text).text("/id"), "/text"));
  EXPECT_EQ(beginning.text("/blocks/0/content/0/text"), "Court.");
  EXPECT_EQ(beginning.at("/blocks").as_array().size(), 1U);
  EXPECT_EQ(beginning.text("/more"), "true");
}

TEST_F(DocumentsApi, TitlesImportsWithoutAName) {
  EXPECT_EQ(import("", "# Ordre du jour\n\nTexte").text("/title"), "Ordre du jour");
  EXPECT_EQ(import("filename=.md", "texte").text("/title"), ".md");
  EXPECT_EQ(import("filename=..%2F..%2Fetc%2Fpasswd", "texte").text("/title"), "passwd");
  EXPECT_EQ(import("", "\n").text("/title"), "Sans titre");
  EXPECT_EQ(import("filename=" + std::string(500, 'x') + ".txt", "texte", "text/plain").text("/title").size(), 200U);
}

TEST_F(DocumentsApi, RefusesImportsThatAreNoText) {
  EXPECT_EQ(import("filename=a.md", "\xff\xfe\x41\x00"s).code(), "import_not_text");
  EXPECT_EQ(import("filename=a.md", "\xff\xfe\x41\x00"s).status, 415);
  EXPECT_EQ(import("filename=a.docx", "PK", "application/zip").code(), "type_unsupported");
  EXPECT_EQ(import("parent_id=nowhere", "a").code(), "field_invalid");
  EXPECT_EQ(import("language=x", "a").code(), "field_invalid");
  EXPECT_EQ(server.domain.count("SELECT COUNT(*) FROM document"), 0);
}

TEST_F(DocumentsApi, KeepsImagesAndServesThemAsPicturesOnly) {
  const std::string id = server.document(paul, workspace, "Note");
  const Answer made = paul.send("POST", at(id, "/images"), {kGif, "image/png", {}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.text("/width"), "320");
  EXPECT_EQ(made.text("/height"), "240");
  EXPECT_EQ(made.text("/bytes"), std::to_string(kGif.size()));
  const Answer served = paul.get(made.text("/url"));
  EXPECT_EQ(served.status, 200);
  EXPECT_EQ(served.body, kGif);
  EXPECT_EQ(served.header("Content-Type"), "image/gif") << "what it is, not what was claimed";
  EXPECT_EQ(served.header("Cache-Control"), "private, max-age=31536000, immutable");
  EXPECT_EQ(served.header("Content-Security-Policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(paul.send("POST", at(id, "/images"), {kGif, "image/gif", {}}).text("/id"), made.text("/id"))
      << "the same bytes are one image";
  EXPECT_EQ(paul.get(at(id, "/images/" + std::string(64, '0'))).code(), "image_not_found");
  EXPECT_EQ(paul.get(at(id, "/images/..")).code(), "image_not_found");
  const std::string other = server.document(paul, workspace, "Autre");
  EXPECT_EQ(paul.get(at(other, made.text("/url").substr(made.text("/url").find("/images/")))).status, 404);
}

TEST_F(DocumentsApi, RefusesImagesThatAreNoneOrTooLarge) {
  const std::string id = server.document(paul, workspace, "Note");
  const auto code = [&](const std::string& bytes, const std::string& type) {
    return paul.send("POST", at(id, "/images"), {bytes, type, {}}).code();
  };
  EXPECT_EQ(code("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"), "image_unsupported");
  EXPECT_EQ(code("<html>", "image/png"), "image_unsupported");
  EXPECT_EQ(code(kGif, "text/html"), "image_unsupported");
  EXPECT_EQ(code("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\x06\0\0\0"s, "image/png"),
            "image_unsupported")
      << "50 000 by 50 000 pixels";
  EXPECT_EQ(server.domain.count("SELECT COUNT(*) FROM image"), 0);
}

TEST_F(DocumentsApi, PurgeTakesTheFilesOfImagesThatNobodyElseShows) {
  const std::string a = server.document(paul, workspace, "a"), b = server.document(paul, workspace, "b");
  const std::string url = paul.send("POST", at(a, "/images"), {kGif, "image/gif", {}}).text("/url");
  paul.send("POST", at(b, "/images"), {kGif, "image/gif", {}});
  const auto file = server.domain.blobs.path_of(url.substr(url.rfind('/') + 1));
  Client admin = server.administrator();
  for (const auto& [document, left] : {std::pair(a, true), std::pair(b, false)}) {
    admin.remove(at(document));
    EXPECT_EQ(admin.remove(at(document, "?permanent=true")).status, 204);
    EXPECT_EQ(std::filesystem::exists(file), left);
  }
}

TEST_F(DocumentsApi, StartPageShowsWhatIOpenedAndWhoWrites) {
  const std::string a = server.document(paul, workspace, "a"), b = server.document(paul, workspace, "b");
  paul.get(at(a));
  server.domain.clock.advance(2min);
  paul.get(at(b));
  const std::string anne = server.administrator().get("/api/v1/bootstrap").text("/me/id");
  server.domain.live.put(*Id::parse(a), {*Id::parse(anne)});
  const Answer home = paul.get("/api/v1/home");
  EXPECT_EQ(home.text("/recent/0/title"), "b");
  EXPECT_EQ(home.text("/recent/1/title"), "a");
  EXPECT_EQ(home.text("/recent/1/workspace/name"), "Mobilité");
  EXPECT_EQ(home.at("/writing_now").as_array().size(), 1U);
  EXPECT_EQ(home.text("/writing_now/0/title"), "a");
  EXPECT_EQ(home.text("/writing_now/0/writers/0/name"), "Anne Perret");
  EXPECT_EQ(home.text("/workspaces/0/my_role"), "editor");
  server.domain.clock.advance(2min);
  paul.get(at(a));
  EXPECT_EQ(paul.get("/api/v1/home").text("/recent/0/title"), "a");
}

TEST_F(DocumentsApi, StartPageShowsANewMemberWhatHerWorkspacesWrite) {
  const std::string a = server.document(paul, workspace, "a");
  server.domain.clock.advance(2min);
  server.document(paul, workspace, "b");
  server.domain.clock.advance(2min);
  Client lea = server.newcomer("Léa Froidevaux", "lea@example.org", "CH");
  EXPECT_EQ(lea.get("/api/v1/home").text("/recent"), "[]") << "a stranger yet";
  server.join(workspace, lea, "reader");
  EXPECT_EQ(lea.get("/api/v1/home").text("/recent/0/title"), "b") << "edited last";
  lea.get(at(a));
  EXPECT_EQ(lea.get("/api/v1/home").text("/recent/0/title"), "a") << "opened since";
  server.administrator().remove(at(a));
  EXPECT_EQ(lea.get("/api/v1/home").text("/recent/0/title"), "b") << "not what lies in the trash";
}

TEST_F(DocumentsApi, FindsWhateverTheAccentsAndTheCase) {
  server.document(paul, workspace, "Évaluation de l’eau");
  server.document(paul, workspace, "100 % local");
  for (const char* query : {"evaluation", "EVALUATION", "éval eau", "l'eau", "eau éval"})
    EXPECT_EQ(paul.get("/api/v1/find?q=" + query_encoded(query)).text("/documents/0/title"), "Évaluation de l’eau")
        << query;
  EXPECT_EQ(paul.get("/api/v1/find?q=" + query_encoded("0 %")).at("/documents").as_array().size(), 1U);
  EXPECT_EQ(paul.get("/api/v1/find?q=" + query_encoded("_")).text("/documents"), "[]");
  EXPECT_EQ(paul.get("/api/v1/find?q=mobilite").text("/workspaces/0/name"), "Mobilité");
  EXPECT_EQ(paul.get("/api/v1/find?q=rochat").text("/people/0/name"), "Paul Rochat");
  const Answer empty = paul.get("/api/v1/find?q=");
  EXPECT_EQ(empty.text("/documents"), "[]") << "nothing was opened yet";
}

TEST_F(DocumentsApi, FindsAtMostEightOfEach) {
  for (int i = 0; i < 12; ++i) server.document(paul, workspace, "Note " + std::to_string(i));
  EXPECT_EQ(paul.get("/api/v1/find?q=note").at("/documents").as_array().size(), 8U);
}

TEST_F(DocumentsApi, CountsPeopleByCountryAndDocumentsWithoutFolders) {
  server.document(paul, workspace, "a");
  paul.post(at_workspace("/documents"), R"({"title":"Dossier","kind":"folder"})");
  const Answer found = paul.get(at_workspace(""));
  EXPECT_EQ(found.text("/counts/documents"), "1");
  EXPECT_EQ(found.text("/counts/members"), "2");
  EXPECT_EQ(found.text("/counts/members_f"), "1");
  EXPECT_EQ(found.text("/counts/members_ch"), "1");
  EXPECT_EQ(found.text("/territory/country"), "null");
  EXPECT_EQ(found.text("/territory/short"), "AU");
}

}  // namespace
}  // namespace cluse::api
