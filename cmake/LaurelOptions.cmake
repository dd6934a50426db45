# What every target of the tree is compiled with. Nothing here reaches a user of laurel::laurel.

add_library(laurel_warnings INTERFACE)
target_compile_options(laurel_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wswitch-enum
  "$<$<BOOL:${LAUREL_WERROR}>:-Werror>")
# g++ 12 warns of std::string's own code when it optimises (GCC bug 105651).
target_compile_options(laurel_warnings INTERFACE
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>")
# Nobody replaces a function of the SDK when loading it; without this g++ must suppose that somebody
# may, its code being position independent, and inlines none that is not `inline`.
target_compile_options(laurel_warnings INTERFACE
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-fno-semantic-interposition>")

# The standard library checks bounds and preconditions in every build but the optimised one.
target_compile_definitions(laurel_warnings INTERFACE "$<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>")

if(LAUREL_SANITIZE)
  add_compile_options(
    -fsanitize=${LAUREL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LAUREL_SANITIZE})
  # g++ 12 takes values for uninitialised once a sanitizer's checks stand between (GCC bug 105562).
  target_compile_options(laurel_warnings INTERFACE
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>")
endif()

if(LAUREL_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "LAUREL_FUZZ needs clang; configure with: cmake --preset fuzz")
  endif()
  # Coverage everywhere, the fuzzer's main only in the fuzzers themselves.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
