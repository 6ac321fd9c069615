// Package migration reads what one Active Record migration does on its way up, from its text.
//
// It knows the calls of Rails' schema statements, of upstream's own helpers and of the plug-ins that upstream's
// migrations use, the SQL that they execute, methods and loops of the file over literal lists.
//
// It must not run Ruby and not guess: a table that cannot be read is empty, a migration none of whose code is known
// has one operation of the kind facts.Other.
package migration
