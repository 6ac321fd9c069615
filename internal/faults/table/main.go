package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/goingdark-social/bot/internal/faults"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("say which file holds the rows")
	}

	rows, err := read(args[0])
	if err != nil {
		return err
	}

	return show(rows, out)
}

func read(name string) ([]faults.Row, error) {
	f, err := os.Open(name) //nolint:gosec // whoever runs this names the file
	if err != nil {
		return nil, err
	}
	defer f.Close()

	var rows []faults.Row

	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var r faults.Row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}

		rows = append(rows, r)
	}

	return rows, lines.Err()
}

func show(rows []faults.Row, out io.Writer) error {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.AppendHeader(table.Row{"promise", "cases", "violations", "seconds", "measured"})

	cases, broken := 0, 0

	for _, r := range rows {
		t.AppendRow(table.Row{r.Promise, r.Cases, r.Violations, fmt.Sprintf("%.1f", r.Seconds), r.Measured})
		cases += r.Cases
		broken += r.Violations
	}

	t.AppendFooter(table.Row{"all", cases, broken})
	t.Render()

	if broken > 0 || cases == 0 {
		return fmt.Errorf("%d violations in %d cases", broken, cases)
	}

	return nil
}
