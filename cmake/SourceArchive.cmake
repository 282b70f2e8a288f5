# What retort-cli is built from, as one file: a machine on which the program from here does not run builds it itself
# (training/backends/remote/source_build.h). Made again whenever a file of it changes, without times, so that the same
# source is the same content.
set(archive "${CMAKE_BINARY_DIR}/share/retort/retort-source.tar.zst")
file(GLOB_RECURSE source_files RELATIVE "${CMAKE_SOURCE_DIR}" CONFIGURE_DEPENDS
    "${CMAKE_SOURCE_DIR}/app/cli/*" "${CMAKE_SOURCE_DIR}/cmake/*" "${CMAKE_SOURCE_DIR}/core/*" "${CMAKE_SOURCE_DIR}/training/*"
    "${CMAKE_SOURCE_DIR}/resources/quickstart/*" "${CMAKE_SOURCE_DIR}/resources/python/*" "${CMAKE_SOURCE_DIR}/resources/examples/*")
list(FILTER source_files EXCLUDE REGEX "^training/backends/|^app/cli/remote/|__pycache__|~$|\\.sw.$")
list(PREPEND source_files CMakeLists.txt CMakePresets.json LICENSE app/CMakeLists.txt)
list(JOIN source_files "\n" source_list)
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/source-files.txt" CONTENT "${source_list}\n" @ONLY)
list(TRANSFORM source_files PREPEND "${CMAKE_SOURCE_DIR}/")
add_custom_command(OUTPUT "${archive}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/share/retort"
    COMMAND "${CMAKE_COMMAND}" -E tar cf "${archive}" --zstd --format=gnutar --mtime=2000-01-01
            "--files-from=${CMAKE_BINARY_DIR}/source-files.txt"
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" DEPENDS ${source_files} COMMENT "" VERBATIM)
add_custom_target(retort_source ALL DEPENDS "${archive}")
install(FILES "${archive}" DESTINATION ${CMAKE_INSTALL_DATADIR}/retort)
