/** What `kvscope watch --help` teaches below its options. */
export const WATCH_HELP = `
Kinds and their addresses:
  vllm, sglang   tcp://HOST:PORT...   where the engine publishes (--kv-events-config, "publisher": "zmq")
  mooncake       tcp://HOST:PORT...   where the master publishes (--kv_events_bind_endpoint)
  trtllm         http://HOST:PORT     the server, asked at /kv_cache_events
  ndjson         -, FILE, unix:PATH, tcp:[HOST:]PORT
                                      events of your own engine, one JSON object a line
  allocations    as ndjson            LMCache's reports of device-memory allocations

zeromq is needed for the first three, and installed apart: npm install zeromq@6

Examples:
  kvscope watch vllm tcp://127.0.0.1:5557 --prometheus 9464
  kvscope watch vllm tcp://10.0.0.7:5557 --replay tcp://10.0.0.7:5558 --ranks 4 --name decode --attribute zone=b
  kvscope watch sglang 'tcp://*:5557' --bind --topic kv@ --otlp http://127.0.0.1:4318
  kvscope watch ndjson events.ndjson --follow --record events-$(date +%F).ndjson
  my-engine | kvscope watch ndjson - --json --interval 10
  kvscope watch --config watch.yaml --prometheus 0.0.0.0:9464

Exit codes: 0 stopped or every source ended, 1 run-time failure, 2 wrong usage.`;
