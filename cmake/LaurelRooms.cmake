# One target a room, linked to just the rooms and packages in its row of docs/architecture.md, so
# that the link line repeats the table (tools/arrows.py holds the two against each other).

# laurel_room(NAME [ROOMS room...] [PACKAGES target...])
# Compiles sdk/src/NAME/*.cpp to the library `laurel_NAME`, for use inside this tree.
function(laurel_room name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;PACKAGES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/sdk/src/${name}/*.cpp")
  add_library(laurel_${name} STATIC ${sources})
  target_include_directories(laurel_${name}
    PUBLIC "${PROJECT_SOURCE_DIR}/sdk/include" "${PROJECT_SOURCE_DIR}/sdk/src")
  foreach(room IN LISTS ROOM_ROOMS)
    target_link_libraries(laurel_${name} PUBLIC laurel_${room})
  endforeach()
  target_link_libraries(laurel_${name} PRIVATE laurel_warnings ${ROOM_PACKAGES})
  set_property(GLOBAL APPEND PROPERTY LAUREL_ROOMS ${name})
  set_property(GLOBAL APPEND PROPERTY LAUREL_ROOM_PACKAGES ${ROOM_PACKAGES})
endfunction()

# laurel_archive(NAME)
# Gathers the objects of all rooms into one archive with the public headers as its only surface.
# What it needs at link time is what its rooms need, header-only packages left out.
function(laurel_archive name)
  get_property(rooms GLOBAL PROPERTY LAUREL_ROOMS)
  get_property(packages GLOBAL PROPERTY LAUREL_ROOM_PACKAGES)
  list(REMOVE_ITEM packages Boost::headers)
  list(REMOVE_DUPLICATES packages)
  add_library(${name} STATIC)
  foreach(room IN LISTS rooms)
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:laurel_${room}>)
  endforeach()
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_include_directories(${name} INTERFACE
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/sdk/include>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_link_libraries(${name} PRIVATE ${packages})
endfunction()
