"""The catalogue of events (danh mục sự kiện): what an integrator may rely on, made of the code.

kinds       every kind of event: its shape, an example, its versions, who sees it
fields      the fields of a shape, one line each
sights      with what a stream is published, and who sees it until then
told        the catalogue as the answer to a question
page        the catalogue as docs/reference/events.md
envelope    the JSON Schema of an event as a CloudEvent
asyncapi    every door that events leave by, as an AsyncAPI document

`python -m schema.contract` writes what stands in docs/reference.
"""
