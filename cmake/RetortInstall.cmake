# Install rules: programs, shared libraries, the quickstart, the Python modules with their example, the licence.
include(GNUInstallDirs)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
foreach(target retort retort-cli retort-cli-remote retort_core retort_training)
    if(TARGET ${target})
        install(TARGETS ${target}
            RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
            LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
        set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR};$ORIGIN")
    endif()
endforeach()
install(DIRECTORY resources/quickstart resources/python resources/examples
    DESTINATION ${CMAKE_INSTALL_DATADIR}/retort PATTERN __pycache__ EXCLUDE)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
