# cluse_add_plugin(<name> SOURCES … [FOLDER <where plugin.toml stands>])
#
# Builds lib<name>.so as a host wants it: one exported symbol, no symbols left to be found elsewhere, nothing that would
# be shared with another copy. Then puts the installable folder together in <build>/plugins/<name>: plugin.toml, the
# library, and migrations/, i18n/ and web/ where there are any. A web/ with a package.json of its own is built by its own
# tools, before this is configured: of it only web/dist is taken, which is all that the host needs.
#
# cluse_add_plugin_test(<name> SOURCES … [FOLDER <where plugin.toml stands>])
#
# Builds a test of the plugin's own sources in cluse::test::Host (cluse/test.hpp), and has ctest run it. GoogleTest and
# SQLite are needed for this alone (Debian: libgtest-dev, libsqlite3-dev); without them the plugin is built, its test not.
set(CLUSE_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/plugin.map" CACHE INTERNAL "")

function(cluse_add_plugin name)
  cmake_parse_arguments(PLUGIN "" "FOLDER" "SOURCES" ${ARGN})
  if(NOT PLUGIN_FOLDER)
    set(PLUGIN_FOLDER ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  set(out ${CMAKE_BINARY_DIR}/plugins/${name})
  add_library(${name} MODULE ${PLUGIN_SOURCES})
  target_link_libraries(${name} PRIVATE cluse_sdk)
  target_compile_options(${name} PRIVATE -Wall -Wextra -fvisibility=hidden
                         $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique -fvisibility-inlines-hidden>)
  target_link_options(${name} PRIVATE -Wl,--version-script=${CLUSE_PLUGIN_MAP} $<$<NOT:$<BOOL:${CLUSE_SANITIZED}>>:-Wl,-z,defs>)
  set_target_properties(${name} PROPERTIES CXX_STANDARD 20 C_STANDARD 11 CXX_EXTENSIONS OFF C_EXTENSIONS OFF
                        POSITION_INDEPENDENT_CODE ON LIBRARY_OUTPUT_DIRECTORY ${out})
  set(web ${PLUGIN_FOLDER}/web)
  if(EXISTS ${web}/package.json)
    set(web ${web}/dist)
  endif()
  file(GLOB_RECURSE parts CONFIGURE_DEPENDS ${PLUGIN_FOLDER}/plugin.toml ${PLUGIN_FOLDER}/migrations/*
       ${PLUGIN_FOLDER}/i18n/* ${web}/*)
  foreach(part ${parts})
    file(RELATIVE_PATH place ${PLUGIN_FOLDER} ${part})
    configure_file(${part} ${out}/${place} COPYONLY)
  endforeach()
endfunction()

function(cluse_add_plugin_test name)
  cmake_parse_arguments(PLUGIN "" "FOLDER" "SOURCES" ${ARGN})
  if(DEFINED CLUSE_TESTS AND NOT CLUSE_TESTS)
    return()
  endif()
  find_package(GTest QUIET)
  find_package(SQLite3 QUIET)
  if(NOT GTest_FOUND OR NOT SQLite3_FOUND)
    message(STATUS "${name} is not built: it needs GoogleTest and SQLite (libgtest-dev, libsqlite3-dev)")
    return()
  endif()
  if(NOT PLUGIN_FOLDER)
    set(PLUGIN_FOLDER ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  add_executable(${name} ${PLUGIN_SOURCES})
  target_link_libraries(${name} PRIVATE cluse_sdk GTest::gtest_main SQLite::SQLite3)
  target_compile_options(${name} PRIVATE -Wall -Wextra)
  target_compile_definitions(${name} PRIVATE CLUSE_PLUGIN_FOLDER="${PLUGIN_FOLDER}")
  set_target_properties(${name} PROPERTIES CXX_STANDARD 20 CXX_EXTENSIONS OFF C_STANDARD 11 C_EXTENSIONS OFF)
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300 LABELS plugin_author)
endfunction()
