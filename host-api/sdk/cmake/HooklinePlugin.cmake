# hookline_add_plugin(NAME SOURCES a.cpp … [OUTPUT_NAME id] [LIBRARIES …])
#
# Builds a plugin: a module without "lib", hidden symbols but the one entry,
# early and complete binding, no GNU-unique symbols, never linked to the
# runtime (reference: plugin contract, R1, R12, R13). With an installed package
# it adds the test validate.NAME: hookline-validate finds the plugin good.
function(hookline_add_plugin name)
  cmake_parse_arguments(PLUGIN "" "OUTPUT_NAME" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT PLUGIN_OUTPUT_NAME)
    string(REPLACE "_" "-" PLUGIN_OUTPUT_NAME ${name})
  endif()
  add_library(${name} MODULE ${PLUGIN_SOURCES})
  set_target_properties(${name} PROPERTIES PREFIX "" OUTPUT_NAME ${PLUGIN_OUTPUT_NAME}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  get_filename_component(version_script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.version ABSOLUTE)
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE -Wl,--version-script=${version_script} -Wl,--exclude-libs,ALL -Wl,-z,now
                      -Wl,-z,relro)
  if(NOT HKL_SANITIZE)  # sanitizers leave their symbols to be found in the program
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  target_link_libraries(${name} PRIVATE hookline::sdk ${PLUGIN_LIBRARIES})
  if(HOOKLINE_VALIDATE)
    add_test(NAME validate.${name} COMMAND ${HOOKLINE_VALIDATE} --level strict $<TARGET_FILE:${name}>)
  endif()
endfunction()
