# cmake -DFOLDER=folder -DOUTPUT=file.cpp -P EmbedConsole.cmake
# Writes a source with the files of the console: name, digest and text of each.
include("${CMAKE_CURRENT_LIST_DIR}/TextLiteral.cmake")
file(GLOB files RELATIVE "${FOLDER}" "${FOLDER}/*")
list(SORT files)
set(rows "")
foreach(name IN LISTS files)
  text_literal("${FOLDER}/${name}" pieces)
  file(SHA256 "${FOLDER}/${name}" digest)
  string(APPEND rows "    {\"${name}\", \"${digest}\",\n${pieces}},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"app/console.hpp\"\n\nnamespace laurel::daemon {\n\n"
  "std::span<const ConsoleFile> console_files() {\n"
  "  static constexpr ConsoleFile kFiles[] = {\n${rows}  };\n  return kFiles;\n}\n\n"
  "}  // namespace laurel::daemon\n")
