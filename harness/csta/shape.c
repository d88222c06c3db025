#include "csta_internal.h"

#include <stddef.h>

#define FIELD(path_, name)                                                                         \
    {                                                                                              \
        .path = (path_), .at = offsetof(struct ds_csta, name),                                     \
        .size = sizeof((struct ds_csta){0}).name                                                   \
    }
#define FIXED(path_, text)                                                                         \
    {                                                                                              \
        .path = (path_), .constant = (text)                                                        \
    }

static const struct ds_csta_shape shapes[] = {
    [DS_CSTA_REQUEST_SYSTEM_STATUS] = {"RequestSystemStatus", {{.path = NULL}}},
    [DS_CSTA_REQUEST_SYSTEM_STATUS_RESPONSE] = {"RequestSystemStatusResponse",
                                                {FIXED("systemStatus", "normal")}},
    [DS_CSTA_MONITOR_START] = {"MonitorStart", {FIELD("monitorObject/deviceObject", device)}},
    [DS_CSTA_MONITOR_START_RESPONSE] = {"MonitorStartResponse",
                                        {FIELD("monitorCrossRefID", monitor)}},
    [DS_CSTA_MAKE_CALL] = {"MakeCall",
                           {FIELD("callingDevice", device), FIELD("calledDirectoryNumber", called),
                            FIXED("autoOriginate", "doNotPrompt")}},
    [DS_CSTA_MAKE_CALL_RESPONSE] = {"MakeCallResponse",
                                    {FIELD("callingDevice/callID", call),
                                     FIELD("callingDevice/deviceID", device)}},
    [DS_CSTA_CLEAR_CONNECTION] = {"ClearConnection",
                                  {FIELD("connectionToBeCleared/callID", call),
                                   FIELD("connectionToBeCleared/deviceID", device)}},
    [DS_CSTA_CLEAR_CONNECTION_RESPONSE] = {"ClearConnectionResponse", {{.path = NULL}}},
    [DS_CSTA_ORIGINATED] = {"OriginatedEvent",
                            {FIELD("monitorCrossRefID", monitor),
                             FIELD("originatedConnection/callID", call),
                             FIELD("originatedConnection/deviceID", device),
                             FIELD("callingDevice/deviceIdentifier", calling),
                             FIELD("calledDevice/deviceIdentifier", called),
                             FIXED("cause", "newCall")}},
    [DS_CSTA_DELIVERED] = {"DeliveredEvent",
                           {FIELD("monitorCrossRefID", monitor), FIELD("connection/callID", call),
                            FIELD("alertingDevice/deviceIdentifier", device),
                            FIELD("callingDevice/deviceIdentifier", calling),
                            FIELD("calledDevice/deviceIdentifier", called),
                            FIXED("cause", "newCall")}},
    [DS_CSTA_ESTABLISHED] = {"EstablishedEvent",
                             {FIELD("monitorCrossRefID", monitor),
                              FIELD("establishedConnection/callID", call),
                              FIELD("answeringDevice/deviceIdentifier", device),
                              FIELD("callingDevice/deviceIdentifier", calling),
                              FIELD("calledDevice/deviceIdentifier", called),
                              FIXED("cause", "newCall")}},
    [DS_CSTA_CONNECTION_CLEARED] = {"ConnectionClearedEvent",
                                    {FIELD("monitorCrossRefID", monitor),
                                     FIELD("droppedConnection/callID", call),
                                     FIELD("droppedConnection/deviceID", device),
                                     FIXED("cause", "normalClearing")}},
    [DS_CSTA_ERROR] = {"CSTAErrorCode", {FIELD("operation", operation)}},
};

const struct ds_csta_shape *ds_csta_shape(enum ds_csta_kind kind)
{
    ds_assert(kind < DS_CSTA_KIND_COUNT);
    return &shapes[kind];
}

const char *ds_csta_name(enum ds_csta_kind kind)
{
    return ds_csta_shape(kind)->root;
}
