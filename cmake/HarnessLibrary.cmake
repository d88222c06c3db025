# The floors and towers of the house (docs/architecture.md). harness_library() refuses a library that
# leans on its own floor or a higher one, or that reaches from one tower into the other.

set(HARNESS_FLOOR_0 base)
set(HARNESS_FLOOR_1 clock sipmsg sdp rtp stun fax csta pidf topo pcap)
set(HARNESS_FLOOR_2 net trace)
set(HARNESS_FLOOR_3 siptx ice check)
set(HARNESS_FLOOR_4 ua media planning)
set(HARNESS_FLOOR_5 roles report)
set(HARNESS_FLOOR_6 run explore)
set(HARNESS_FLOOR_7 script)
set(HARNESS_FLOOR_8 cli)
set(HARNESS_TOWER_actors net siptx ice media ua roles)
set(HARNESS_TOWER_observers trace check planning report)

function(harness_floor name out)
    foreach(floor RANGE 0 8)
        if(name IN_LIST HARNESS_FLOOR_${floor})
            set(${out} ${floor} PARENT_SCOPE)
            return()
        endif()
    endforeach()
    message(FATAL_ERROR "'${name}' stands on no floor: give it one in cmake/HarnessLibrary.cmake")
endfunction()

function(harness_tower name out)
    set(${out} none PARENT_SCOPE)
    foreach(tower actors observers)
        if(name IN_LIST HARNESS_TOWER_${tower})
            set(${out} ${tower} PARENT_SCOPE)
        endif()
    endforeach()
endfunction()

# Refuses `name` USES `used` where the house has a wall between the two.
function(harness_check_wall name used)
    harness_floor(${name} name_floor)
    harness_floor(${used} used_floor)
    if(NOT used_floor LESS name_floor)
        message(FATAL_ERROR "${name} (floor ${name_floor}) may not use ${used} (floor ${used_floor})")
    endif()
    harness_tower(${name} name_tower)
    harness_tower(${used} used_tower)
    if(NOT name_tower STREQUAL none AND NOT used_tower STREQUAL none AND NOT name_tower STREQUAL used_tower)
        message(FATAL_ERROR "${name} is in the tower of ${name_tower} and may not use ${used}, which is in the tower of ${used_tower}")
    endif()
endfunction()

add_library(harness_warnings INTERFACE)
target_compile_options(harness_warnings INTERFACE
    -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings
    -Wundef -Wvla -Wformat=2 -Wcast-qual -Wswitch-enum -fno-common -fvisibility=hidden)
target_compile_definitions(harness_warnings INTERFACE _GNU_SOURCE)

# harness_library(ua SOURCES dialog.c … USES siptx sdp PARTS PkgConfig::LUA …). Its header is ua.h; HEADERS names another.
function(harness_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;HEADERS;USES;PARTS" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR}
                   FILES ${name}.h ${arg_HEADERS})
    target_link_libraries(${name} PRIVATE harness_warnings ${arg_PARTS})
    foreach(used ${arg_USES})
        harness_check_wall(${name} ${used})
        target_link_libraries(${name} PUBLIC ${used})
    endforeach()
    set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON
                          OUTPUT_NAME ds_${name})
endfunction()
