# cmake -DINPUT=file -DOUTPUT=file.cpp -DFUNCTION=name -P EmbedText.cmake
# Writes a source with one function that returns the text of a file.
include("${CMAKE_CURRENT_LIST_DIR}/TextLiteral.cmake")
text_literal("${INPUT}" pieces)
file(WRITE "${OUTPUT}" "#include \"app/docs_page.hpp\"\n\nnamespace laurel::daemon {\n\n"
  "std::string_view ${FUNCTION}() {\n  return\n${pieces};\n}\n\n}  // namespace laurel::daemon\n")
