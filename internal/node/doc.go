// Package node walks YAML: keys with aliases and merge keys followed, list items by what identifies them, and the path of a line.
//
// It knows YAML's shapes and how Kubernetes names the items of a list. It must not know any kind of object, nor files.
package node
