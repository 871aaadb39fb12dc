# The runtime is made of parts: one folder, one static library, its tests
# beside it. hkl_part(values DEPENDS …) takes every .cpp of the folder;
# *_test.cpp become the program values_test, one CTest entry for each test.
find_package(GTest REQUIRED)
find_package(Threads REQUIRED)
include(GoogleTest)

# One precompiled header for all parts: the heavy ones that most files need.
function(hkl_precompiled)
  file(WRITE ${CMAKE_BINARY_DIR}/hkl_pch.cpp "")
  add_library(hkl_pch STATIC ${CMAKE_BINARY_DIR}/hkl_pch.cpp)
  target_link_libraries(hkl_pch PUBLIC hkl_flags)
  set(headers <algorithm> <chrono> <functional> <map> <memory> <optional> <string> <string_view> <unordered_map>
      <variant> <vector> <nlohmann/json.hpp>)
  target_precompile_headers(hkl_pch PRIVATE ${headers})
  # Test code is compiled once and run once: not optimised, with gtest ready.
  if(HKL_TESTS)
    file(WRITE ${CMAKE_BINARY_DIR}/hkl_test_pch.cpp "")
    add_library(hkl_test_pch STATIC ${CMAKE_BINARY_DIR}/hkl_test_pch.cpp)
    target_link_libraries(hkl_test_pch PUBLIC hkl_flags GTest::gmock GTest::gtest)
    target_compile_options(hkl_test_pch PRIVATE -O0)
    target_precompile_headers(hkl_test_pch PRIVATE ${headers} <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endfunction()
hkl_precompiled()

# The presets `release`, `asan` and `tsan` compile several files of a target as one
# (CMAKE_UNITY_BUILD), which takes a third of the time. So a name that is a file's own
# is best the only one of its folder; files where that would read worse are named here.
function(hkl_compile_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# Each test of a program for itself; under a sanitizer, where to start one costs more than
# most tests, all in one go.
function(hkl_unit_tests program)
  if(HKL_SANITIZE)
    add_test(NAME ${program} COMMAND ${program})
  else()
    gtest_discover_tests(${program} DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()

# HKL_UNITS: whether the folders that follow build their units (HKL_COMMON_UNITS).
function(hkl_part name)
  cmake_parse_arguments(PART "" "" "DEPENDS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(link_kind PUBLIC)
  if(sources)
    add_library(hkl_${name} STATIC ${sources})
    target_precompile_headers(hkl_${name} REUSE_FROM hkl_pch)
  else()
    add_library(hkl_${name} INTERFACE)
    set(link_kind INTERFACE)
  endif()
  target_include_directories(hkl_${name} ${link_kind} ${CMAKE_SOURCE_DIR}/host-api/runtime
                             ${CMAKE_SOURCE_DIR}/host-api/include)
  list(TRANSFORM PART_DEPENDS PREPEND hkl_)
  target_link_libraries(hkl_${name} ${link_kind} hkl_flags ${PART_DEPENDS} ${PART_LIBRARIES} Threads::Threads)
  if(tests AND HKL_TESTS AND HKL_UNITS)
    add_executable(${name}_test ${tests})
    # The precompiled header is for code of libraries; a program takes the same.
    set_target_properties(${name}_test PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${name}_test PRIVATE -fPIC -O0)
    target_precompile_headers(${name}_test REUSE_FROM hkl_test_pch)
    target_link_libraries(${name}_test PRIVATE hkl_${name} ${PART_TEST_LIBRARIES} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE HKL_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                               HKL_BINARY_DIR="${CMAKE_BINARY_DIR}")
    hkl_unit_tests(${name}_test)
  endif()
endfunction()

# Makes text files of the tree constants of a program: hkl_embed(hkl_store
# migrations/0001_base.sql …) gives embedded_files(), see the made header.
function(hkl_embed target header)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${header})
  set(script ${CMAKE_SOURCE_DIR}/host-api/sdk/cmake/embed.cmake)
  string(REPLACE ";" "|" files "${ARGN}")
  set(depends)
  foreach(file ${ARGN})
    list(APPEND depends ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  add_custom_command(OUTPUT ${out} DEPENDS ${depends} ${script}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DFILES=${files} -DFROM=${CMAKE_CURRENT_SOURCE_DIR} -P ${script}
    VERBATIM)  # names are joined by "|"
  target_sources(${target} PRIVATE ${out})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()

# hookline_plugin_parts(NAME SOURCES … [LIBRARIES …]): what a plugin and its tests
# share, compiled once: the library NAME_parts.
function(hookline_plugin_parts name)
  cmake_parse_arguments(PARTS "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_library(${name}_parts STATIC ${PARTS_SOURCES})
  target_link_libraries(${name}_parts PUBLIC hookline::sdk ${PARTS_LIBRARIES})
  target_compile_options(${name}_parts PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
endfunction()

# hookline_plugin_test(NAME SOURCES x_test.cpp … [LIBRARIES …]): the plugin's own
# tests, on the SDK's terms: no runtime.
function(hookline_plugin_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT HKL_TESTS OR NOT HKL_UNITS)
    return()
  endif()
  add_executable(${name}_test ${TEST_SOURCES})
  target_compile_definitions(${name}_test PRIVATE HKL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_compile_options(${name}_test PRIVATE -O0)  # compiled once, run once
  target_link_libraries(${name}_test PRIVATE hookline::sdk ${TEST_LIBRARIES} GTest::gtest_main)
  hkl_unit_tests(${name}_test)
endfunction()
