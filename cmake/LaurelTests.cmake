include(GoogleTest)

# laurel_threaded(VARIABLE): leaves the files of the list that start threads, directly or by asking
# for an executor. Nothing of the SDK does so by itself, so that in the others there is no race for
# ThreadSanitizer to find.
function(laurel_threaded variable)
  set(threaded "")
  foreach(source IN LISTS ${variable})
    file(STRINGS "${source}" words REGEX "thread|async|[Ee]xecutor|fork\\(" LIMIT_COUNT 1)
    if(words)
      list(APPEND threaded "${source}")
    endif()
  endforeach()
  set(${variable} "${threaded}" PARENT_SCOPE)
endfunction()

# laurel_test(NAME SOURCES file... [LINK target...] [LABELS label...])
# One GoogleTest executable, every case of it a CTest.
function(laurel_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINK;LABELS" ${ARGN})
  # The daemon has threads of its own.
  if("thread" IN_LIST LAUREL_SANITIZE AND NOT "end_to_end" IN_LIST TEST_LABELS)
    laurel_threaded(TEST_SOURCES)
  endif()
  if(NOT TEST_SOURCES)
    return()
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE
    "${PROJECT_SOURCE_DIR}/tests" "${PROJECT_SOURCE_DIR}/tests/support")
  target_link_libraries(${name} PRIVATE
    laurel_warnings ${TEST_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    LAUREL_SOURCE_DIR="${PROJECT_SOURCE_DIR}" LAUREL_BINARY_DIR="${PROJECT_BINARY_DIR}")
  if(TARGET laurel_executable AND "end_to_end" IN_LIST TEST_LABELS)
    target_compile_definitions(${name} PRIVATE
      LAUREL_EXECUTABLE="$<TARGET_FILE:laurel_executable>")
    add_dependencies(${name} laurel_executable)
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 1200)
endfunction()

# laurel_fuzzer(NAME SOURCE CORPUS [LINK target...])
# With LAUREL_FUZZ a libFuzzer executable; in every other build a test that feeds the committed
# corpus through the same entry point.
function(laurel_fuzzer name source corpus)
  cmake_parse_arguments(FUZZER "" "" "LINK" ${ARGN})
  add_executable(${name} "${source}")
  target_link_libraries(${name} PRIVATE laurel_warnings ${FUZZER_LINK})
  if(LAUREL_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(arguments -runs=0)
  else()
    target_sources(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/fuzz/support/replay.cpp")
    set(arguments "")
  endif()
  add_test(NAME fuzz.${name} COMMAND ${name} ${arguments} "${corpus}")
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 300)
endfunction()
