package dashboard

import (
	"embed"
	"net/http"
	"path"
)

//go:embed assets templates
var files embed.FS

// asset is a file that belongs to every page.
func asset(w http.ResponseWriter, r *http.Request) {
	data, err := files.ReadFile(path.Join("assets", r.PathValue("name")))
	if err != nil {
		http.Error(w, "there is no such file", http.StatusNotFound)

		return
	}

	kind := map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(r.PathValue("name"))]
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "private, max-age=300")
	_, _ = w.Write(data) //nolint:gosec // a file of this package; whoever left does not want to know
}
