# cmake -DINPUT=file -DOUTPUT=file.cpp -DFUNCTION=name -P EmbedText.cmake
# Writes a source with one function that returns the text of a file. A string literal has a limit
# of length in some compilers, so the text is cut into pieces that the compiler joins.
file(READ "${INPUT}" text)
string(LENGTH "${text}" length)
set(pieces "")
set(begin 0)
while(begin LESS length)
  string(SUBSTRING "${text}" ${begin} 8000 piece)
  string(APPEND pieces "R\"laurel(${piece})laurel\"\n")
  math(EXPR begin "${begin} + 8000")
endwhile()
file(WRITE "${OUTPUT}" "#include \"app/docs_page.hpp\"\n\nnamespace laurel::daemon {\n\n"
  "std::string_view ${FUNCTION}() {\n  return\n${pieces};\n}\n\n}  // namespace laurel::daemon\n")
