#include "run_internal.h"

#include <errno.h>
#include <unistd.h>

/* One process that does jobs one after another. Which job it is at stands on the board, so that the
 * parent knows what a worker's end has cost. */

static bool write_all(int pipe, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t count = write(pipe, at, len);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        at += count;
        len -= (size_t)count;
    }
    return true;
}

static size_t take(struct ds_board *board, struct ds_taken *taken, struct ds_clock *clock)
{
    if (atomic_load(&board->enough) || ds_interrupted())
        return DS_NO_JOB;
    size_t index = atomic_fetch_add(&board->next, 1);
    ds_clock_turn(clock);
    atomic_store(&taken->since, ds_now(clock));
    atomic_store(&taken->job, index);
    return index;
}

static bool answer(const struct ds_answer_head *head, const struct ds_buf *text, int pipe)
{
    return write_all(pipe, head, sizeof *head) && write_all(pipe, text->at, head->len);
}

void ds_worker_run(const struct ds_jobs *jobs,
                   struct ds_board *board,
                   struct ds_taken *taken,
                   struct ds_clock *clock,
                   int pipe)
{
    struct ds_buf text = {0};
    for (size_t done = 0; done < jobs->per_worker; done++) {
        size_t index = take(board, taken, clock);
        if (index >= jobs->count)
            break;
        text.len = 0;
        int status = jobs->job(jobs->owner, index, &text);
        ds_clock_turn(clock);
        const struct ds_answer_head head = {
            .index = index,
            .len = text.broken ? 0 : text.len,
            .seconds = (double)(ds_now(clock) - atomic_load(&taken->since)) / (double)DS_S,
            .status = status};
        if (!answer(&head, &text, pipe))
            break;
        atomic_store(&taken->job, DS_NO_JOB);
    }
    atomic_store(&taken->job, DS_NO_JOB);
    ds_buf_clean_up(&text);
}
