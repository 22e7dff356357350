/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LIBFKILL_DEVICE_H
#define LIBFKILL_DEVICE_H

/*
 * device_ioctl() - one ioctl on /dev/fkill, which is opened when needed
 *
 * Returns what the ioctl returns. ENOSYS: the module is not loaded, or may not be
 * used.
 */
int device_ioctl(unsigned long request, void *arg);

#endif /* LIBFKILL_DEVICE_H */
