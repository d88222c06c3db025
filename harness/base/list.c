#include "base.h"

void ds_list_init(struct ds_list *head)
{
    head->next = head->prev = head;
}

bool ds_list_empty(const struct ds_list *head)
{
    return head->next == head;
}

void ds_list_append(struct ds_list *head, struct ds_list *node)
{
    node->prev = head->prev;
    node->next = head;
    head->prev->next = node;
    head->prev = node;
}

void ds_list_remove(struct ds_list *node)
{
    if (node->next == NULL)
        return;
    node->prev->next = node->next;
    node->next->prev = node->prev;
    node->next = node->prev = NULL;
}
