package patch

import (
	"strings"
	"testing"
)

func TestReadDocumentGivesThePresentWithItsPlaces(t *testing.T) {
	t.Parallel()

	text := "\ufeff# Notes\r\n\r\nOn `v4.4.3`, see [v4.4.3](https://example.org).\r\n\r\n- item\r\n\r\n  ```yaml\r\n  # a.yaml\r\n  b: ö\r\n  ```\r\n\r\n" +
		"```diff\n-a\n```\n\n## 2025-01-02\n\n`v4.4.2`\n\n```yaml\nold: 1\n```\n"
	d := ReadDocument([]byte(text))

	if len(d.Fences) != 1 || d.Fences[0].Info != "yaml" || len(d.Fences[0].Lines) != 2 {
		t.Fatalf("fences: %+v", d.Fences)
	}

	if len(d.Code) != 2 || d.Code[0].Text != "v4.4.3" || !d.Code[1].Link {
		t.Fatalf("code: %+v", d.Code)
	}

	for _, piece := range append(d.Fences[0].Lines, d.Code...) {
		if !strings.HasPrefix(text[piece.Offset:], piece.Text) {
			t.Errorf("%q is not at %d", piece.Text, piece.Offset)
		}

		if want := 1 + strings.Count(text[:piece.Offset], "\n"); piece.Line != want {
			t.Errorf("%q is on line %d, not %d", piece.Text, want, piece.Line)
		}
	}
}
