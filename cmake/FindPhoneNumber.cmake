# libphonenumber ships no CMake package. Defines PhoneNumber::phonenumber.
# Installed beside the package configuration: an application that links laurel needs it too.
find_path(PhoneNumber_INCLUDE_DIR phonenumbers/phonenumberutil.h)
find_library(PhoneNumber_LIBRARY phonenumber)
mark_as_advanced(PhoneNumber_INCLUDE_DIR PhoneNumber_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PhoneNumber
  REQUIRED_VARS PhoneNumber_LIBRARY PhoneNumber_INCLUDE_DIR)

if(PhoneNumber_FOUND AND NOT TARGET PhoneNumber::phonenumber)
  add_library(PhoneNumber::phonenumber UNKNOWN IMPORTED)
  set_target_properties(PhoneNumber::phonenumber PROPERTIES
    IMPORTED_LOCATION "${PhoneNumber_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PhoneNumber_INCLUDE_DIR}")
endif()
