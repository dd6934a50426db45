# One target a room, linked to just the rooms and packages in its row of docs/architecture.md,
# so that the link line repeats the table.

add_library(laurel_warnings INTERFACE)
target_compile_options(laurel_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror -Wnon-virtual-dtor -Wold-style-cast -Wswitch-enum)
if(LAUREL_SANITIZE)
  add_compile_options(-fsanitize=${LAUREL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LAUREL_SANITIZE})
endif()

# laurel_room(NAME [ROOMS room...] [PACKAGES target...])
# Compiles sdk/src/NAME/*.cpp as an object library `laurel_NAME`.
function(laurel_room name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;PACKAGES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/sdk/src/${name}/*.cpp")
  add_library(laurel_${name} STATIC ${sources})
  target_include_directories(laurel_${name}
    PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/sdk/include>"
           "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/sdk/src>")
  set_property(GLOBAL APPEND PROPERTY LAUREL_ROOMS laurel_${name})
  foreach(room IN LISTS ROOM_ROOMS)
    target_link_libraries(laurel_${name} PUBLIC laurel_${room})
  endforeach()
  target_link_libraries(laurel_${name} PRIVATE "$<BUILD_INTERFACE:laurel_warnings>" ${ROOM_PACKAGES})
endfunction()

# laurel_test(NAME SOURCES... [LINK target...])
# One GoogleTest executable, every case of it a CTest.
function(laurel_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/support")
  target_link_libraries(${name} PRIVATE laurel_warnings ${TEST_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE LAUREL_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             LAUREL_BINARY_DIR="${PROJECT_BINARY_DIR}")
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 300)
endfunction()
