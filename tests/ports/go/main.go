// A port of D, N and L in Go, written from the pages of spec/ and golden/vectors alone, with the standard library only.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
)

// object is a JSON object whose fields have not been read yet.
type object map[string]json.RawMessage

// get reads a field. It panics if the field is missing or of another kind, which becomes an error reply (P6).
func get[T any](in object, name string) (value T) {
	if err := json.Unmarshal(in[name], &value); err != nil {
		panic(name + ": " + err.Error())
	}
	return value
}

func (in object) number(name string) float64 { return get[float64](in, name) }

type output map[string]any

var operations = map[string]func(object) output{
	"positions": positions, "transition": transition, "initialState": initialState, "step": step, "rollout": rollout,
	"separation": pairLoss(false), "invariance": pairLoss(true), "capacity": capacity, "conformalIsometry": conformalIsometry,
	"losses": losses, "gradients": gradients,
}

// hello is what the port says about itself (P3).
func hello(object) output {
	return output{"protocol": 1, "name": "sic-go", "language": "Go", "precision": "float64",
		"operations": slices.Sorted(maps.Keys(operations))}
}

// reply answers a line. Whatever goes wrong is an error reply, and so are NaN and Infinity, which JSON does not have (P6, P7).
func reply(line []byte) (out []byte) {
	var request struct {
		ID        int
		Operation string
		Input     object
	}
	defer func() {
		if problem := recover(); problem != nil {
			out, _ = json.Marshal(output{"id": request.ID, "error": fmt.Sprint(problem)})
		}
	}()
	err := json.Unmarshal(line, &request)
	answer, found := operations[request.Operation]
	if request.Operation == "hello" {
		answer, found = hello, true
	}
	if err != nil || !found {
		panic(fmt.Sprint("there is no operation ", request.Operation))
	}
	if out, err = json.Marshal(output{"id": request.ID, "output": answer(request.Input)}); err != nil {
		panic(err)
	}
	return out
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	for line, err := lines.ReadBytes('\n'); err == nil; line, err = lines.ReadBytes('\n') {
		os.Stdout.Write(append(reply(line), '\n'))
	}
}
