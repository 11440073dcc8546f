# find_package(Cluse): the SDK as it was installed. Gives the target cluse_sdk and the function cluse_add_plugin().
if(NOT TARGET cluse_sdk)
  add_library(cluse_sdk INTERFACE IMPORTED)
  get_filename_component(cluse_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
  set_target_properties(cluse_sdk PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${cluse_prefix}/include")
endif()
include("${CMAKE_CURRENT_LIST_DIR}/CluseAddPlugin.cmake")
