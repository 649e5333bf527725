/* glue: between the structs of fusho.h and the engine's. Nothing is decided here.
 *
 * Invariants
 *   - a struct of the host's is read only as far as its struct_size says and as we know it, and
 *     written only as far as its struct_size says
 */
#ifndef FUSHO_GLUE_H
#define FUSHO_GLUE_H
#include "engine/engine.h"
#include "fusho.h"

extern const fusho_plugin fusho_table;

#endif
