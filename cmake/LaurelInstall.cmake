# What `cmake --install` puts into a prefix: the archive, the public headers, a CMake package, a
# pkg-config file, and the executable with the programmes it ships (daemon/CMakeLists.txt).
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/laurel")

install(TARGETS laurel EXPORT laurelTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/sdk/include/laurel"
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT sdk FILES_MATCHING PATTERN "*.hpp")
install(EXPORT laurelTargets NAMESPACE laurel:: DESTINATION ${package_dir} COMPONENT sdk)

configure_package_config_file(cmake/laurelConfig.cmake.in
  "${PROJECT_BINARY_DIR}/laurelConfig.cmake" INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/laurelConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/laurelConfig.cmake"
  "${PROJECT_BINARY_DIR}/laurelConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/FindPhoneNumber.cmake"
  DESTINATION ${package_dir} COMPONENT sdk)

# The prefix is told from where the file lies, so that `cmake --install --prefix` may choose it.
file(RELATIVE_PATH LAUREL_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file(cmake/laurel.pc.in laurel.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/laurel.pc"
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT sdk)
