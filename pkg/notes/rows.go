package notes

import (
	"fmt"
	"slices"
	"strconv"
)

// manyRows make a table big here that is not among those that are big everywhere.
const manyRows = 1_000_000

// isBig says that a table counts as big: one that grows with every post, or that the database says is big here.
func (w *writer) isBig(table string) bool {
	return slices.Contains(big, table) || w.in.Rows[table] >= manyRows
}

// sized is a table with its rows, where a database told them: statuses (about 12 M rows here).
func (n Notes) sized(table string) string {
	rows, known := n.Rows[table]
	if !known {
		return table
	}
	return fmt.Sprintf("%s (%s here)", table, RowCount(rows))
}

func (n Notes) sizedAll(tables []string) []string {
	out := make([]string, 0, len(tables))
	for _, table := range tables {
		out = append(out, n.sized(table))
	}
	return out
}

// RowCount is an estimate in words, as exact as an estimate is: about 12 M rows.
func RowCount(rows int64) string {
	switch {
	case rows < 1000:
		return "fewer than 1,000 rows"
	case rows < 1_000_000:
		return "about " + rounded(float64(rows)/1e3) + " k rows"
	case rows < 1_000_000_000:
		return "about " + rounded(float64(rows)/1e6) + " M rows"
	default:
		return "about " + rounded(float64(rows)/1e9) + " G rows"
	}
}

// rounded has two digits that count.
func rounded(x float64) string {
	if x < 9.95 {
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	if x < 99.5 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(float64(int64(x/10+0.5))*10, 'f', 0, 64)
}
