/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FKILL_SELFCHECK_H
#define FKILL_SELFCHECK_H

int selfcheck(void);

#endif /* FKILL_SELFCHECK_H */
