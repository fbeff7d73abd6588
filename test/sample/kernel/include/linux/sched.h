/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/list.h>
#include <linux/spinlock.h>

struct task_struct;

typedef struct {
	spinlock_t lock;
	struct list_head waiters;
} wait_queue_head_t;

#define __WAIT_QUEUE_INIT(name) \
	{ .waiters = LIST_HEAD_INIT((name).waiters) }

void schedule(void);
long schedule_timeout_interruptible(long timeout);
bool signal_pending_current(void);
void prepare_to_wait(wait_queue_head_t *wq);
void finish_wait(wait_queue_head_t *wq);
void wake_up(wait_queue_head_t *wq);

/* Sleeps until @cond holds; gives -ERESTARTSYS when a signal came first. */
#define wait_event_interruptible(wq, cond)			\
({								\
	int __ret = 0;						\
								\
	for (;;) {						\
		prepare_to_wait(&(wq));				\
		if (cond)					\
			break;					\
		if (signal_pending_current()) {			\
			__ret = -ERESTARTSYS;			\
			break;					\
		}						\
		schedule();					\
	}							\
	finish_wait(&(wq));					\
	__ret;							\
})

struct task_struct *kthread_run(int (*fn)(void *data), void *data,
				const char *name);
bool kthread_should_stop(void);
int kthread_stop(struct task_struct *task);

#endif /* _LINUX_SCHED_H */
