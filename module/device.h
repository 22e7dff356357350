/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_DEVICE_H
#define FKILL_DEVICE_H

int device_init(void);
void device_exit(void);

#endif /* FKILL_DEVICE_H */
