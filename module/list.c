// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is below a process: all of them as they were at one moment.
 */
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "list.h"
#include "owner.h"

/**
 * struct node - a process that was met
 * @entry: for the caller
 * @process: compared, not used: no reference
 * @parent: number of its parent's node, or -1 for the top's children
 * @is_owner: it is registered as one
 * @visible: the caller may be told
 */
struct node {
	struct fkill_entry entry;
	const struct pid *process;
	int parent;
	bool is_owner;
	bool visible;
};

struct list_walk {
	struct walk walk;
	struct node *nodes;
	unsigned int nr;
	unsigned int max;
	pid_t owner;		/* of those whose parent was not met */
};

/*
 * A walk goes depth first: the parent of who is met is the one before, or its
 * parent, and so on. So all steps up together are no more than those down.
 */
static int parent_node(struct list_walk *lw, const struct pid *parent)
{
	int i = lw->nr - 1;

	while (i >= 0 && lw->nodes[i].process != parent)
		i = lw->nodes[i].parent;
	return i;
}

static pid_t owner_by_parent(struct list_walk *lw, struct node *node,
			     struct task_struct *leader)
{
	struct node *parent;

	if (lw->nr == 0)
		lw->owner = owner_of(leader);
	if (node->parent < 0)
		return lw->owner;
	parent = &lw->nodes[node->parent];
	return parent->is_owner ? parent->entry.pid : parent->entry.owner;
}

static u32 uid_seen_by_caller(struct task_struct *task)
{
	return from_kuid_munged(current_user_ns(), __task_cred(task)->uid);
}

static void list_process(struct task_struct *leader, struct walk *walk)
{
	struct list_walk *lw = container_of(walk, struct list_walk, walk);
	struct task_struct *parent = walk_parent(leader);
	struct node *node = &lw->nodes[lw->nr];

	if (lw->nr == lw->max)
		return;
	node->process = task_tgid(leader);
	node->parent = parent_node(lw, task_tgid(parent));
	node->is_owner = owner_is_registered(leader);
	node->visible = walk_may_see(walk, leader);
	node->entry = (struct fkill_entry) {
		.pid = task_tgid_vnr(leader),
		.parent = task_tgid_vnr(parent),
		.owner = owner_by_parent(lw, node, leader),
		.uid = uid_seen_by_caller(leader),
		.state = task_state_to_char(leader),
	};
	lw->nr++;
}

static unsigned int count(const struct scope *scope)
{
	struct walk walk = { .scope = scope, .everybody = true };

	walk_scope(&walk);
	return walk.found;
}

/* Who is born between the count and the walk may need more room: again. */
static int take_nodes(struct list_walk *lw)
{
	const struct scope *scope = lw->walk.scope;
	unsigned int nr = count(scope);

	for (;;) {
		lw->max = nr + nr / 8 + 16;
		lw->nodes = kvmalloc_array(lw->max, sizeof(*lw->nodes),
					   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
		if (!lw->nodes)
			return -ENOMEM;
		lw->nr = 0;
		lw->walk.found = 0;
		if (!walk_scope(&lw->walk))
			return -ESRCH;
		if (lw->walk.found <= lw->max)
			return 0;
		nr = lw->walk.found;
		kvfree(lw->nodes);
	}
}

/* Those that fit; all are counted. */
static int copy_entries(const struct list_walk *lw,
			struct fkill_entry __user *entries, u32 room,
			u32 *count)
{
	unsigned int i;

	*count = 0;
	for (i = 0; i < lw->nr; i++) {
		if (!lw->nodes[i].visible)
			continue;
		if (*count < room &&
		    copy_to_user(&entries[*count], &lw->nodes[i].entry,
				 sizeof(*entries)))
			return -EFAULT;
		++*count;
	}
	return 0;
}

/**
 * list_scope() - hand out who is below a process, as of one moment
 * @scope: whom, below a top
 * @entries: filled
 * @room: for how many there is room
 * @count: set to how many there are that the caller may see
 *
 * Return: 0, -ESRCH if the top has been reaped, -ENOMEM, -EFAULT.
 */
int list_scope(const struct scope *scope, struct fkill_entry __user *entries,
	       u32 room, u32 *count)
{
	struct list_walk lw = {
		.walk = {
			.scope = scope,
			.visit = list_process,
			.everybody = true,
		},
	};
	int err = take_nodes(&lw) ?: copy_entries(&lw, entries, room, count);

	kvfree(lw.nodes);
	return err;
}
